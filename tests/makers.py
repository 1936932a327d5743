"""Makes records for tests: an article, a withheld page, as the desk would."""

from datetime import UTC, datetime
from typing import Any

from newscrawl.clean.spans import Point, cut
from newscrawl.model import Article, Cleaned, Decision, Evidence, Signal, Verdict, Withheld
from newscrawl.record import item_id
from newscrawl.rights import decide

FETCHED = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


def cleaned(
    text: str = "One true sentence.\n\nslot gacor slot gacor\n\nAnother.", *, spam: str = "slot gacor slot gacor\n\n"
) -> Cleaned:
    start = text.index(spam)
    evidence = (Evidence(kind="STRUCT", strength=0.9, detail="two words in four"),)
    return cut(
        text, [Point(start=start, end=start + len(spam), rule="spam/block", reason="SPAM_KWBLOCK", evidence=evidence)]
    )


def verdict(*signals: Signal) -> Verdict:
    return decide(signals, at=FETCHED)


def notice(quote: str = "All use of this site for AI training is forbidden.") -> Signal:
    return Signal(
        protocol="prose",
        where="footer",
        quote=quote,
        value="reserved",
        scope=("train", "input"),
        says=Decision.RESERVED,
        host="news.example",
        at=FETCHED,
        machine_readable=False,
    )


def article(url: str = "https://news.example/a", title: str = "A title", **fields: Any) -> Article:
    text = fields.pop("cleaned", None) or cleaned()
    return Article(
        id=item_id(url, title, text.text),
        url=url,
        title=title,
        text=text.text,
        cleaned=text,
        verdict=fields.pop("verdict", verdict()),
        site=fields.pop("site", "news.example"),
        fetched=FETCHED,
        **fields,
    )


def withheld(url: str = "https://news.example/b", quote: str = "No AI training.", **fields: Any) -> Withheld:
    return Withheld(
        id="0123456789abcdef-01234567",
        url=url,
        site=fields.pop("site", "news.example"),
        reason="reserved",
        verdict=verdict(notice(quote)),
        fetched=FETCHED,
        **fields,
    )

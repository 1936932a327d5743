"""What codes are called where a person reads them; a code without a name is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "SPAM_KWBLOCK": "block of keywords",
    "SPAM_KWSPAN": "keywords within a line",
    "SPAM_KWLINES": "lines of keywords",
    "SPAM_LINKSTUFF": "stuffed links",
    "SPAM_PROMO": "promotion",
    "SPAM_HIDDEN": "hidden from readers",
    "SPAM_DISGUISE": "disguised letters",
    "SITE_REPEAT": "repeated on the site's pages",
    "WRAP_AD": "advertisement",
    "WRAP_BYLINE": "byline or source line",
    "WRAP_FEEDFOOT": "foot of a feed",
    "WRAP_META": "time, counter or tags",
    "WRAP_PAYWALL": "paywall",
    "WRAP_READMORE": "read-more line",
    "WRAP_RELATED": "other stories",
    "WRAP_RIGHTS": "copyright line",
    "WRAP_SHARE": "share, follow, comment",
    "SPACE": "white space",
}
EVIDENCE: Mapping[str, str] = {
    "STRUCT": "structure",
    "LEX": "vocabulary",
    "OFFTOPIC": "off the topic",
    "SITE": "repeated on the site",
    "LANG": "another language",
    "KIN": "words of other cuts on the page",
    "PITCH": "register of an offer",
    "lexicon": "vocabulary",
    "offtopic": "off the topic",
    "DISGUISE": "disguised letters",
    "HOMOGLYPH": "look-alike letters",
    "SPACES": "spaced letters",
    "LINK": "links",
}
PROTOCOLS: Mapping[str, str] = {
    "prose": "plain words",
    "terms": "terms of use",
    "robots": "robots.txt",
    "aiprefs": "AIPREF Content-Usage",
    "content-signal": "Content-Signal",
    "tdmrep": "TDMRep",
    "rsl": "RSL",
    "x-robots-tag": "X-Robots-Tag header",
    "meta-robots": "robots meta",
    "rights-meta": "rights meta",
    "json-ld": "JSON-LD",
    "licence-link": "licence link",
}
USES: Mapping[str, str] = {
    "crawl": "fetching",
    "index": "a search index",
    "train": "training AI models",
    "input": "input of AI systems",
}
BASES: Mapping[str, str] = {
    "direct": "said to all, or to us",
    "inferred": "inferred: it names a crawler that gathers for training",
    "other_agent": "said to another crawler",
}
EXITS: Mapping[int, str] = {
    0: "good",
    1: "it could not be started",
    3: "it ended abnormally, or something could not be written",
    4: "no story was found where some were expected",
    5: "too many pages failed",
    6: "a threshold was crossed",
    75: "to be tried again later",
    78: "a setting cannot be",
}


def called(names: Mapping[str, str], code: object) -> str:
    """What a code is called.

    >>> called(USES, "train"), called(REASONS, "NEW_ONE")
    ('training AI models', 'new one')
    """
    return names.get(str(code)) or str(code).replace("_", " ").lower()


def because(why: str) -> str:
    """A reason of a run report in words.

    >>> because("reserved: prose"), because("not fetched: robots disallow")
    ('reserved: plain words', 'not fetched: robots disallow')
    """
    reason, _, protocol = why.rpartition(": ")
    return f"{reason}: {called(PROTOCOLS, protocol)}" if protocol in PROTOCOLS else why


def ended(code: int | None) -> str:
    """An exit code and what it means.

    >>> ended(4)
    'exit code 4: no story was found where some were expected'
    >>> ended(-9)
    'ended by signal 9'
    """
    if code is None:
        return "no exit code"
    if code < 0:
        return f"ended by signal {-code}"
    return f"exit code {code}" + (f": {EXITS[code]}" if code in EXITS and code else "")

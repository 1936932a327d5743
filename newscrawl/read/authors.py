"""Makes names out of bylines: who wrote, who edited, without "By", roles, places, agencies and the outlet."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import cache

from newscrawl import rulebook
from newscrawl.read.blocks import DENSE

SPACES = re.compile(r"\s+")
ADDRESS = re.compile(r"https?://|www\.|@\w|\w@|\.(?:com|net|org)/", re.IGNORECASE)
AWAY = re.compile(r"\(?\S+@\S+\.\w+\)?|(?<!\S)@[\w.]+|\S*://\S*|(?<!\S)www\.\S*", re.IGNORECASE)
MAIL = re.compile(r"\(?\S+@\S+\.\w+\)?")
BRACKETS = re.compile(r"\s*[(\[（][^()\[\]（）]{0,80}[)\]）]")
EDGES = " \t\n,;:：|•·–—-/／*\"'«»“”„【】"
# Behind a comma and part of a name all the same: "Dewi Sari, S.Sos."
DEGREE = r"(?:(?-i:(?:[A-Z][a-z]{0,3}\.)+(?:[A-Z][a-z]{0,4}\.?)?)|jr|sr|ii|iii|iv|phd|md|mba)(?=\s*(?:[,;]|\Z))"
COMMA = re.compile(rf"\s*[;|•\n]\s*|\s*[、，／]\s*|\s+/\s+|\s+[-–—]\s+|,\s*(?!\s*{DEGREE})", re.IGNORECASE)
LISTED = re.compile(r"\s*[;|•]\s*")
INVERTED = re.compile(
    r"([A-ZÀ-ÞĀ-Ž][\w'’-]+), ([A-ZÀ-ÞĀ-Ž][a-zà-ÿ]+(?: [A-Z]\.)?)\Z"
)  # "Doe, Jane", as Dublin Core has it
AMPERSAND = re.compile(r"\s+&\s+|\s+\+\s+")
HAN, HANGUL = "\u3400-\u9fff", "\uac00-\ud7af"
SLASH = re.compile(r"/")
DOTTED = re.compile(rf"(?<=[{HANGUL}])\s?[·‧ㆍ・]\s?(?=[{HANGUL}])|(?<=[{HAN}])・(?=[{HAN}])")
HAN_LIST = re.compile(rf"[{HAN}]{{2,4}}(?: [{HAN}]{{2,4}})+\Z")
DATE_BEHIND = re.compile(r"([^\W\d_][^\d|•;]{4,50}?)[,\s]+\d{1,2}[.\s/].{0,20}\d{4}\b")  # "Jane Doe 4 May 2026"
DATE_IN = re.compile(r"\d{1,2}[./:]\d{2}|\d{4}")
PARTICLE = re.compile(r"\s[a-zà-ÿ]{1,4}\s*\Z")  # "by Jane Doe at 9.12"
POSTED = re.compile(
    r"\A[^\W\d]{2,12}\s.{0,12}\d{4}\b[^,;]{0,24}\s([^\W\d_]{2,4}\s.{4,60})\Z"
)  # "Posted on May 4, 2026 by …"
LETTER = re.compile(r"[^\W\d_]")
LONGEST = 60
MAX_CHARACTERS = 1000  # no byline is longer; the search for mail addresses is quadratic
FULL = 2  # words of a name that needs no more
MOST = 5  # words of the longest


@cache
def _words(key: str) -> tuple[str, ...]:
    value = rulebook.table("reading/bylines")[key]
    words = {str(one).casefold() for one in value} if isinstance(value, list) else set()
    return tuple(sorted(words, key=lambda one: (-len(one), one)))


def _any(*keys: str) -> str:
    return "|".join(re.escape(one) for key in keys for one in _words(key))


@cache
def _pattern(key: str) -> re.Pattern[str]:
    led = r"(?:\s*[:：／/|]\s*|\s+)(?=\S)"
    sources = {
        "by": rf"\A(?:{_any('by')}){led}",
        "by_line": rf"\A(?:{_any('by', 'by_in_line')}){led}",
        "by_lower": rf"\A(?-i:{_any('by_lower')})\s+(?=[^\W\d_]+ [^\W\d_])",
        "ours": rf"\A(?:{_any('ours')})\s+\S+\s+(?=\S+ \S)",
        "between": rf"\s+(?:{_any('between')})\s+(?=[^\W\d_])",
        "roles": rf"(?:\s*[|/]\s*|\s+[–—-]\s+|\s+(?=[^\x00-\x7f])|(?<=[{HAN}{HANGUL}])\s*)(?:{_any('roles')})\Z",
        "role_at_end": rf"(?:\A|\s|(?<=[{HAN}]))(?:{_any('roles')})\Z",
        "role_before": rf"(?:\A|(?<=\s))(?:{_any('roles_before')})(?:\s*[:：・／/]\s*|\s+|(?=[{HAN}]))",
        "role_behind": rf"\s(?:{_any('roles')})\Z",
        "beats": rf"\s(?:{_any('beats')})\Z",
        "tails": rf"\s+(?:{_any('tails')})(?:\W.*)?\Z",
        "begins_tail": rf"\A(?:{_any('tails')}|(?-i:{_any('place_before')})(?=\s(?-i:[^\W\d_a-zß-ÿ])))(?!\w)",
        "edits": rf"\A(?:{_any('editor_labels')})(?:\s*[:：]|\s)",
        "and_first": rf"\A(?:{_any('between')})\s+(?=[^\W\d_]+ [^\W\d_])",
        "a_count": rf"\A\d{{1,3}}\s?(?:{_any('counts')})\b",
        "sent_from": rf"(?<=[{HAN}])(?:{_any('sent_from')})\Z",
        "counts": rf"\s+\d{{1,3}}\s?(?:{_any('counts')})\b.*\Z",
        "places": rf"\s+(?-i:{_any('place_before')})\s+(?-i:[^\W\d_a-zß-ÿ]).*\Z",
        "dated": rf"\s(?-i:{_any('day_before')})(?:\s[^\W\d_]{{3,12}}\.?)?\s*\Z",
        "others": rf"\A(?:{_any('other_labels')})(?:\s*[:：/]|\s+(?:{_any('by')})\s)",
        "and_at_end": rf"\s(?:{_any('between')})\Z",
        "lent": rf"\s+(?:{_any('agencies')})\Z",
    }
    return re.compile(sources.get(key) or rf"\A(?:{_any(key)})\s*[:：]\s*(?=\S)", re.IGNORECASE)


def folded(name: str) -> str:
    """A name for comparing: case, dots and spaces folded."""
    return re.sub(r"[\W_]+", "", name.casefold())


def names(raw: str, *, outlets: Iterable[str] = ()) -> tuple[str, ...]:
    """The names in a byline, in order, each once.

    outlets: what the outlet calls itself; such a name stands behind the persons', so it is left out where there is one.

    >>> names("By Jane Doe, Political Editor in Kyiv, and Max Roth, Reuters")
    ('Jane Doe', 'Max Roth')
    """
    text = SPACES.sub(" ", html.unescape(raw[:MAX_CHARACTERS])).strip()
    text = _unled(BRACKETS.sub(" ", AWAY.sub(" ", text)).strip(EDGES))
    dated = DATE_BEHIND.match(text)
    text = _pattern("dated").sub("", dated[1]) if dated else text
    found: dict[str, str] = {}
    barred = ";" not in text
    for listed in LISTED.split(text):
        who = _less_place(_names_in(listed, bool(found)))
        if found and barred and len(who) == 1 and _is_place(who[0], next(iter(found.values()))):
            continue  # "Jane Doe | Reporter | Lahore"
        for name in who:
            found.setdefault(folded(name), name)
    own = {folded(one) for one in outlets if one}
    persons = [name for key, name in found.items() if key not in own]
    return tuple(persons or found.values())


def _names_in(text: str, behind: bool) -> list[str]:
    """The names in one listed part. behind: other names stand before it."""
    found: list[str] = []
    for part in _parted(text):
        if _pattern("others").match(part) or ((found or behind) and _is_beside(part)):
            continue
        part = _pattern("and_first").sub("", part.strip()) if found or behind else part
        found += [name for one in _divided(part) if (name := clean(one))]
    return found


def _parted(text: str) -> list[str]:
    """The parts of a list of names; "Doe, Jane" turned round, as Dublin Core has it."""
    turned = INVERTED.match(text)
    if turned and not is_organisation(turned[1]) and not turned[1].isupper() and not turned[2].isupper():
        return [f"{turned[2]} {turned[1]}"]
    parts = [piece for part in COMMA.split(text) for piece in (SLASH.split(part) if " " in part else [part])]
    return [piece for part in parts if part for piece in _of_han(part.strip())]


def _of_han(part: str) -> list[str]:
    """The names in "记者王小明 李大伟": a role before them says that a space divides names, not a name."""
    bare = _pattern("role_before").sub("\n", part)
    if bare == part:
        return DOTTED.split(part)
    pieces = [one.strip(EDGES) for one in bare.split("\n") if one.strip(EDGES)]
    return [name for one in pieces for name in (one.split(" ") if HAN_LIST.match(one) else DOTTED.split(one))]


def _is_beside(part: str) -> bool:
    """What stands behind a name and is none: a role or an organisation."""
    at_end = _pattern("role_at_end").search(part.strip())
    if any(_pattern(key).match(part.strip()) for key in ("begins_tail", "edits")):
        return True
    if (part.strip()[:1].islower() and " " in part.strip()) or _pattern("sent_from").search(part.strip()):
        return not _pattern("and_first").match(part.strip())
    return is_organisation(part) or (at_end is not None and (part.isascii() or at_end.start() == 0))


def is_organisation(part: str) -> bool:
    """Whether a part of a byline is an agency's or outlet's name, or ends as such names do."""
    words = part.casefold().strip(EDGES).split()
    ends = bool(words) and (words[-1] in _words("organisations") or words[0] in _words("organisations_begin"))
    return ends or " ".join(words) in _words("agencies")


def _less_place(found: list[str]) -> list[str]:
    """A full name less the single word behind it: the place a story was sent from, as in "Jana Roth, Berlin"."""
    return found[:1] if len(found) == FULL and _is_place(found[1], found[0]) else found


def _is_place(word: str, name: str) -> bool:
    """Whether what stands behind a full name is a single word in capitals at most."""
    full = len(name.split()) >= FULL
    return full and word.isalpha() and not DENSE.search(word) and not word.islower() and len(word) > FULL


def _divided(part: str) -> list[str]:
    pieces = [one for whole in AMPERSAND.split(part) for one in _pattern("between").split(whole)]
    if len(pieces) == 1:
        return _prefixed(part)
    return pieces if all(1 <= one.strip().count(" ") < MOST and _begins(one, part) for one in pieces) else [part]


def _begins(piece: str, whole: str) -> bool:
    """Whether a name may begin so: with a letter that is no small one, unless all are small."""
    first = piece.strip()[:1]
    return LETTER.match(first) is not None and (not first.islower() or whole.islower())


def _prefixed(part: str) -> list[str]:
    """Two names where the second has its "and" as a first letter, as Arabic and Hebrew write it."""
    words = part.split(" ")
    for at in range(FULL, len(words) - 1):
        word = words[at]
        if word[:1] in _words("and_prefixes") and len(word) > FULL and word not in _words("not_prefixed"):
            return [" ".join(words[:at]), " ".join((word[1:], *words[at + 1 :]))]
    return [part]


def _unled(text: str) -> str:
    """The text without "By" and without a label before it."""
    for _ in range(2):
        for key in ("author_labels", "editor_labels", "by", "ours", "by_lower"):
            text = _pattern(key).sub("", text, count=1).strip(EDGES)
    return text


def clean(raw: str) -> str:
    """One name, or empty where it is none: an address, a handle, a date, a role, a user account."""
    name = _unled(BRACKETS.sub("", raw.strip()).strip(EDGES))
    name = name.rpartition("=")[2]  # "서울=김철수": a place, in Korean papers
    for key in ("tails", "counts", "places"):
        shorter = _pattern(key).sub("", name).strip(EDGES)
        name = shorter if len(shorter.split()) >= FULL else name
    for _ in range(3):
        shorter = _less_role(name)
        if not shorter or shorter == name:
            break
        name = shorter
    key = name.casefold()
    if not name or len(name) > LONGEST or not LETTER.search(name) or ADDRESS.search(name) or DATE_IN.search(name):
        return ""
    if _pattern("a_count").match(name) or key in _words("nobody") or key in _words("roles") or key in _words("by"):
        return ""
    return name


def _less_role(name: str) -> str:
    """A name without one role, beat or agency behind it."""
    shorter = _pattern("roles").sub("", name).strip(EDGES)
    if shorter != name:
        return shorter
    for key in ("role_behind", "lent"):
        shorter = _pattern(key).sub("", name).strip(EDGES)
        if shorter == name:
            continue
        while (less := _pattern("beats").sub("", _pattern("and_at_end").sub("", shorter))) != shorter:
            shorter = less
        return shorter if len(shorter.split()) >= FULL else name
    return name


def labelled(line: str) -> tuple[str, tuple[str, ...]] | None:
    """A credit line such as "Pewarta: Dewi Sari" as ("author" or "editor", names); None where it is none.

    >>> labelled("Editor: Rizki Pratama")
    ('editor', ('Rizki Pratama',))
    """
    if len(line) > 120:
        return None
    for kind, key in (("editor", "editor_labels"), ("author", "author_labels")):
        found = _pattern(key).match(line)
        if found:
            who = names(line[found.end() :])
            if who and all(len(one.split()) <= 5 for one in who):
                return kind, who
    return None


def byline(line: str) -> tuple[str, ...]:
    """The names in a line that begins with "By" in any of the known languages; empty where it is no such line.

    >>> byline("Von Jana Roth")
    ('Jana Roth',)
    """
    text = SPACES.sub(" ", line).strip()
    found = _pattern("by_line").match(text)
    if len(text) > 120:
        return ()
    if not found:
        posted = POSTED.match(text)
        return byline(posted[1]) if posted else _with_mail(text)
    rest = re.split(r"\s[|•·–—]\s|\d", text[found.end() :])[0]
    who = names(PARTICLE.sub("", _pattern("dated").sub("", rest)))
    good = who and all(1 < len(one.split()) <= 5 or not one.isascii() for one in who)
    return who if good and all(one[:1].isupper() or not one[:1].islower() for one in who) else ()


def _with_mail(text: str) -> tuple[str, ...]:
    """The name in a line of name, role and mail address: "오하늘 기자 haneul@example.org"."""
    bare = MAIL.sub(" ", text).strip(EDGES)
    if bare == text or len(bare) > LONGEST or not _pattern("role_at_end").search(bare):
        return ()
    return names(bare)

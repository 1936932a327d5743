"""Makes names out of bylines: who wrote, who edited, without "By", roles, addresses and the outlet."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import cache

from newscrawl import rulebook

SPACES = re.compile(r"\s+")
ADDRESS = re.compile(r"https?://|www\.|@\w|\w@|\.(?:com|net|org)/", re.IGNORECASE)
MAIL = re.compile(r"\(?\S+@\S+\.\w+\)?")
BRACKETS = re.compile(r"\s*[(\[（【].{0,80}?[)\]）】]\s*\Z")
EDGES = " \t\n,;:|•·–—-/*\"'«»“”„"
COMMA = re.compile(r"\s*[;|•]\s*|\s*、\s*|\s+/\s+|\s*，\s*|,\s+(?!jr\b|sr\b|ii\b|iii\b|phd\b|m\.?d\b)", re.IGNORECASE)
AMPERSAND = re.compile(r"\s+&\s+|\s+\+\s+")
DATE_IN = re.compile(r"\d{1,2}[./:]\d{2}|\d{4}")
PARTICLE = re.compile(r"\s[a-zà-ÿ]{1,4}\s*\Z")  # "by Jane Doe at 9.12"
POSTED = re.compile(
    r"\A[^\W\d]{2,12}\s.{0,12}\d{4}\b[^,;]{0,24}\s([^\W\d_]{2,4}\s.{4,60})\Z"
)  # "Posted on May 4, 2026 by …"
LETTER = re.compile(r"[^\W\d_]")
LONGEST = 60
MAX_CHARACTERS = 1000  # no byline is longer; the search for mail addresses is quadratic


@cache
def _words(key: str) -> tuple[str, ...]:
    value = rulebook.table("reading/bylines")[key]
    words = {str(one).casefold() for one in value} if isinstance(value, list) else set()
    return tuple(sorted(words, key=lambda one: (-len(one), one)))


@cache
def _pattern(key: str) -> re.Pattern[str]:
    words = "|".join(re.escape(one) for one in _words(key)) if key in rulebook.table("reading/bylines") else ""
    if key == "by":
        return re.compile(rf"\A(?:{words})(?:\s*[:：]\s*|\s+)(?=\S)", re.IGNORECASE)
    if key == "between":
        return re.compile(rf"\s+(?:{words})\s+(?=[^\W\d_])", re.IGNORECASE)
    if key == "roles":
        return re.compile(rf"(?:\s*[|/]\s*|\s+[–—-]\s+|\s+(?=[^\x00-\x7f]))(?:{words})\Z", re.IGNORECASE)
    if key == "role_at_end":
        words = "|".join(re.escape(one) for one in _words("roles"))
        return re.compile(rf"(?:\A|\s)(?:{words})\Z", re.IGNORECASE)
    if key == "by_line":
        words = "|".join(re.escape(one) for one in (*_words("by"), *_words("by_in_line")))
        return re.compile(rf"\A(?:{words})(?:\s*[:：]\s*|\s+)(?=\S)", re.IGNORECASE)
    return re.compile(rf"\A(?:{words})\s*[:：]\s*(?=\S)", re.IGNORECASE)


def folded(name: str) -> str:
    """A name for comparing: case, dots and spaces folded."""
    return re.sub(r"[\W_]+", "", name.casefold())


def names(raw: str, *, outlets: Iterable[str] = ()) -> tuple[str, ...]:
    """The names in a byline, in order, each once.

    outlets: what the outlet calls itself; such a name stands behind the persons', so it is left out where there is one.

    >>> names("By Jane Doe, Political Editor and Max Roth")
    ('Jane Doe', 'Max Roth')
    """
    text = SPACES.sub(" ", html.unescape(raw[:MAX_CHARACTERS])).strip()
    text = _unled(MAIL.sub(" ", text))
    found: list[str] = []
    for part in COMMA.split(text):
        if found and (_pattern("role_at_end").search(part.strip()) or _is_organisation(part)):
            continue
        for piece in _divided(part):
            name = clean(piece)
            if name and folded(name) not in {folded(one) for one in found}:
                found.append(name)
    own = {folded(one) for one in outlets if one}
    persons = [one for one in found if folded(one) not in own]
    return tuple(persons or found)


def _is_organisation(part: str) -> bool:
    words = part.casefold().split()
    return bool(words) and words[-1].strip(EDGES) in _words("organisations")


def _divided(part: str) -> list[str]:
    pieces = [one for whole in AMPERSAND.split(part) for one in _pattern("between").split(whole)]
    return pieces if all(LETTER.search(one) and " " in one.strip() for one in pieces) or len(pieces) == 1 else [part]


def _unled(text: str) -> str:
    """The text without "By" and without a label before it."""
    for _ in range(2):
        text = _pattern("author_labels").sub("", text, count=1)
        text = _pattern("by").sub("", text, count=1).strip(EDGES)
    return text


def clean(raw: str) -> str:
    """One name, or empty where it is none: an address, a handle, a date, a role, a user account."""
    name = _unled(BRACKETS.sub("", raw.strip()).strip(EDGES))
    for _ in range(3):
        shorter = _pattern("roles").sub("", name).strip(EDGES)
        if not shorter or shorter == name:
            break
        name = shorter
    key = name.casefold()
    if not name or len(name) > LONGEST or not LETTER.search(name) or ADDRESS.search(name) or DATE_IN.search(name):
        return ""
    if key in _words("nobody") or key in _words("roles") or key in _words("by"):
        return ""
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
    rest = text[found.end() :]
    who = names(PARTICLE.sub("", re.split(r"\s[|•·–—]\s|\d", rest)[0]))
    good = who and all(1 < len(one.split()) <= 5 or not one.isascii() for one in who)
    return who if good and all(one[:1].isupper() or not one[:1].islower() for one in who) else ()


def _with_mail(text: str) -> tuple[str, ...]:
    """The name in a line of name, role and mail address: "오하늘 기자 haneul@example.org"."""
    bare = MAIL.sub(" ", text).strip(EDGES)
    if bare == text or len(bare) > LONGEST or not _pattern("role_at_end").search(bare):
        return ()
    return names(bare)

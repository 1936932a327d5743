"""Makes names out of bylines: who wrote, who edited, without "By", roles, places, agencies and the outlet."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from newscrawl.read.blocks import DENSE
from newscrawl.read.roles import (
    EDGES,
    FULL,
    HAN,
    HANGUL,
    SIGN,
    is_beside,
    is_office,
    is_organisation,
    is_place,
    less_role,
    pattern,
    words,
)

SPACES = re.compile(r"\s+")
ADDRESS = re.compile(r"https?://|www\.|@\w|\w@|\.(?:com|net|org)/", re.IGNORECASE)
AWAY = re.compile(r"\(?\S+@\S+\.\w+[)>]?|(?<!\S)@[\w.]+|\S*://\S*|(?<!\S)www\.\S*", re.IGNORECASE)
MAIL = re.compile(r"\(?\S+@\S+\.\w+\)?")
BRACKETS = re.compile(r"\s*[(\[（][^()\[\]（）]{0,80}[)\]）]")
# Behind a comma and part of a name all the same: "Dewi Sari, S.Sos."
DEGREE = r"(?:(?-i:(?:[A-Z][a-z]{0,3}\.)+(?:[A-Z][a-z]{0,4}\.?)?)|jr|sr|ii|iii|iv|phd|md|mba)(?=\s*(?:[,;]|\Z))"
COMMA = re.compile(rf"\s*[;|•\n]\s*|\s*[、，،／]\s*|\s+/\s+|\s+[-–—]\s+|,\s*(?!\s*{DEGREE})", re.IGNORECASE)
LISTED = re.compile(r"\s*[;|•]\s*")
INVERTED = re.compile(
    r"([A-ZÀ-ÞĀ-Ž][\w'’-]+), ([A-ZÀ-ÞĀ-Ž][a-zà-ÿ]+(?: [A-Z]\.)?)\Z"
)  # "Doe, Jane", as Dublin Core has it
AMPERSAND = re.compile(r"\s+&\s+|\s+\+\s+")
SLASH = re.compile(r"/")
DOTTED = re.compile(rf"(?<=[{HANGUL}])\s?[·‧ㆍ・]\s?(?=[{HANGUL}])|(?<=[{HAN}])[・と](?=[{HAN}])")
HAN_LIST = re.compile(rf"[{HAN}]{{2,4}}(?: [{HAN}]{{2,4}})+\Z")
HANGUL_LIST = re.compile(rf"[{HANGUL}]{{3}}(?: [{HANGUL}]{{3}})+ (?=\S+\Z)")  # "김철수 이영희 기자"
PLACE_FIRST = re.compile(r"\A([^\W\d_]+)\s+[-–—]\s+(?=[^\W\d_]+ [^\W\d_])")  # "CAIRO - Jane Doe"
COLON_OR_SLASH = re.compile("[:：/／]")
DATE_BEHIND = re.compile(r"([^\W\d_][^\d|•;]{4,50}?)[,\s]+\d{1,2}[.\s/].{0,20}\d{4}\b")  # "Jane Doe 4 May 2026"
DATE_IN = re.compile(r"\d{1,2}[./:]\d{2}|\d{4}")
PARTICLE = re.compile(r"\s[a-zà-ÿ]{1,4}\s*\Z")  # "by Jane Doe at 9.12"
POSTED = re.compile(
    r"\A[^\W\d]{2,12}\s.{0,12}\d{4}\b[^,;]{0,24}\s([^\W\d_]{2,4}\s.{4,60})\Z"
)  # "Posted on May 4, 2026 by …"
LETTER = re.compile(r"[^\W\d_]")
LONGEST = 60
MAX_CHARACTERS = 1000  # no byline is longer; the search for mail addresses is quadratic
MOST = 5  # words of the longest


def folded(name: str) -> str:
    """A name for comparing: case, dots and spaces folded."""
    return re.sub(r"[\W_]+", "", name.casefold())


def names(raw: str, *, outlets: Iterable[str] = (), led: bool = False) -> tuple[str, ...]:
    """The names in a byline, in order, each once.

    outlets: what the outlet calls itself; such a name stands behind the persons', so it is left out where there is one.
    led: "By" or the like stood before it.

    >>> names("By Jane Doe, Political Editor in Kyiv, and Max Roth, Reuters")
    ('Jane Doe', 'Max Roth')
    """
    text = SPACES.sub(" ", html.unescape(raw[:MAX_CHARACTERS])).strip()
    bare = AWAY.sub(" ", text)
    inner = "" if COLON_OR_SLASH.search(bare) else bare.strip(EDGES + "()[]（）")  # not "(Image: Agency/Jane Doe)"
    whole = BRACKETS.sub(" ", bare).strip(EDGES) or inner
    text = _unled(whole)
    led = led or text != whole
    text = PLACE_FIRST.sub(lambda one: "" if one[1].isupper() or one[1] == one[1].upper() else one[0], text)
    dated = DATE_BEHIND.match(text)
    text = pattern("dated").sub("", dated[1]) if dated else text
    found: dict[str, str] = {}
    barred = ";" not in text
    for listed in LISTED.split(text):
        who = _less_place(_names_in(listed, bool(found), led))
        if found and barred and len(who) == 1 and is_place(who[0], next(iter(found.values()))):
            continue  # "Jane Doe | Reporter | Lahore"
        for name in who:
            found.setdefault(folded(name), name)
    own = {folded(one) for one in outlets if one}
    persons = [name for key, name in found.items() if key not in own]
    return tuple(persons or found.values())


def _names_in(text: str, behind: bool, led: bool) -> list[str]:
    """The names in one listed part. behind: other names stand before it; led: "By" or the like stood before it all."""
    found: list[str] = []
    for part in _parted(text):
        if pattern("others").match(part) or ((found or behind) and is_beside(part) and not _lent(found, part)):
            continue
        if part.islower() and len(part) <= SIGN and found and " " in found[-1]:
            continue  # "Jana Roth/jr": the sign of who edited
        part = pattern("and_first").sub("", part.strip()) if found or behind else part
        found += [name for one in _divided(part, led) if (name := clean(one))]
    return found


def _lent(found: list[str], part: str) -> bool:
    """Whether agencies alone are named: "Reuters, AFP"."""
    return is_organisation(part) and bool(found) and all(is_organisation(one) for one in found)


def _parted(text: str) -> list[str]:
    """The parts of a list of names; "Doe, Jane" turned round, as Dublin Core has it."""
    turned = INVERTED.match(text)
    if turned and not is_organisation(turned[1]) and not turned[1].isupper() and not turned[2].isupper():
        return [f"{turned[2]} {turned[1]}"]
    parts = [piece for part in COMMA.split(text) for piece in (SLASH.split(part) if " " in part else [part])]
    return [piece for part in parts if part for piece in _of_han(part.strip())]


def _of_han(part: str) -> list[str]:
    """The names in "记者王小明 李大伟": a role before them says that a space divides names, not a name."""
    bare = pattern("role_before").sub("\n", part)
    if bare == part:
        several = HANGUL_LIST.match(part)
        if several and pattern("role_at_end").search(part):
            return several[0].split()
        return DOTTED.split(part)
    pieces = [one.strip(EDGES) for one in bare.split("\n") if one.strip(EDGES)]
    return [name for one in pieces for name in (one.split(" ") if HAN_LIST.match(one) else DOTTED.split(one))]


def _less_place(found: list[str]) -> list[str]:
    """A full name less the single word behind it: the place a story was sent from, as in "Jana Roth, Berlin"."""
    return found[:1] if len(found) == FULL and is_place(found[1], found[0]) else found


def _divided(part: str, led: bool) -> list[str]:
    pieces = [one for whole in AMPERSAND.split(part) for one in pattern("between").split(whole)]
    if len(pieces) == 1:
        return _prefixed(part)
    if all(is_organisation(one) for one in pieces):
        return pieces
    persons = [one for one in pieces if not (is_organisation(one) or is_office(one))]
    if len(persons) < len(pieces) and persons and len(persons[0].split()) >= FULL:
        pieces = persons  # "Jane Doe and agencies"
    least = 0 if DENSE.search(part) or (led and _sure_between(part, pieces)) else 1
    good = all(least <= one.strip().count(" ") < MOST and _begins(one, part) for one in pieces)
    return pieces if good else [part]


def _sure_between(part: str, pieces: list[str]) -> bool:
    """Whether "and" stands between names, not in one: "Sutrisno dan Wulandari", but "Ortega y Gasset"."""
    letters = min((len(one[0].strip()) for one in pattern("between").finditer(part)), default=FULL)
    return letters >= FULL or (" " not in pieces[0].strip() and " " in pieces[-1].strip())


def _begins(piece: str, whole: str) -> bool:
    """Whether a name may begin so: with a letter that is no small one, unless all are small."""
    first = piece.strip()[:1]
    return LETTER.match(first) is not None and (not first.islower() or whole.islower())


def _prefixed(part: str) -> list[str]:
    """Two names where the second has its "and" as a first letter, as Arabic and Hebrew write it."""
    told = part.split(" ")
    for at in range(FULL, len(told) - 1):
        word = told[at]
        if word[:1] in words("and_prefixes") and len(word) > FULL and word not in words("not_prefixed"):
            return [" ".join(told[:at]), " ".join((word[1:], *told[at + 1 :]))]
    return [part]


def _unled(text: str) -> str:
    """The text without "By" and without a label before it."""
    for _ in range(2):
        for key in ("author_labels", "editor_labels", "by", "ours", "by_lower"):
            text = pattern(key).sub("", text, count=1).strip(EDGES)
    return text


def clean(raw: str) -> str:
    """One name, or empty where it is none: an address, a handle, a date, a role, a user account."""
    name = _unled(BRACKETS.sub("", raw.strip()).strip(EDGES))
    if is_office(name):
        return ""
    name = pattern("role_first").sub("", name)
    name = name.rpartition("=")[2]  # "서울=김철수": a place, in Korean papers
    for key in ("tails", "counts", "places"):
        shorter = pattern(key).sub("", name).strip(EDGES)
        name = shorter if len(shorter.split()) >= FULL else name
    for _ in range(3):
        shorter = less_role(name)
        if not shorter or shorter == name:
            break
        name = shorter
    key = name.casefold()
    if (
        is_office(name)
        or not name
        or len(name) > LONGEST
        or not LETTER.search(name)
        or ADDRESS.search(name)
        or DATE_IN.search(name)
    ):
        return ""
    if pattern("a_count").match(name) or is_office(name) or key in words("roles") or key in words("by"):
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
        found = pattern(key).match(line)
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
    found = pattern("by_line").match(text)
    if len(text) > 120:
        return ()
    if not found:
        sender = pattern("sender").search(text)  # "記者林曉帆／台北報導"
        if sender:
            return (sender[1],)
        posted = POSTED.match(text)
        return byline(posted[1]) if posted else _with_mail(text)
    rest = re.split(r"\s[|•·–—]\s|\d", text[found.end() :])[0]
    who = names(PARTICLE.sub("", pattern("dated").sub("", rest)), led=True)
    lone = len(who) == 1 and who[0] == text[found.end() :].strip(EDGES) and len(who[0]) > FULL  # "Oleh Suharto"
    good = who and all(1 < len(one.split()) <= MOST or lone or not one.isascii() for one in who)
    return who if good and all(_stands_as_name(one) for one in who) else ()


def _stands_as_name(name: str) -> bool:
    """Whether all words but particles begin with a capital, where the script has any."""
    first, *others = name.split()
    return not first[:1].islower() and not any(one[:1].islower() and one not in words("particles") for one in others)


def _with_mail(text: str) -> tuple[str, ...]:
    """The name in a line of name, role and mail address: "오하늘 기자 haneul@example.org"."""
    bare = MAIL.sub(" ", text).strip(EDGES)
    if bare == text or len(bare) > LONGEST or not pattern("role_at_end").search(bare):
        return ()
    return names(bare)

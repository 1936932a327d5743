"""What stands beside a name in a byline: roles, beats, places, organisations, and whole lines that name nobody."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from newscrawl import rulebook
from newscrawl.read.blocks import DENSE

HAN, HANGUL = "\u3400-\u9fff", "\uac00-\ud7af"
EDGES = " \t\n,،;:：|｜•·–—-/／*\"'«»“”„【】<>＝"
FULL = 2  # words of a name that needs no more
SIGN = 4  # letters of the longest sign that an editor puts behind a text: "jr", "dpa"


@cache
def words(key: str) -> tuple[str, ...]:
    value = rulebook.table("reading/bylines")[key]
    words = {str(one).casefold() for one in value} if isinstance(value, list) else set()
    return tuple(sorted(words, key=lambda one: (-len(one), one)))


def _any(*keys: str) -> str:
    return "|".join(re.escape(one) for key in keys for one in words(key))


@cache
def pattern(key: str) -> re.Pattern[str]:
    led = r"(?:\s*[:：／/|｜＝=]\s*|\s+)(?=\S)"
    charge = rf"(?:(?:{_any('beats')})\s+){{0,4}}(?:{_any('roles')})"
    sources = {
        "by": rf"\A(?:{_any('by')}){led}",
        "by_line": rf"\A(?:{_any('by', 'by_in_line')}){led}",
        "by_lower": rf"\A(?-i:{_any('by_lower')})\s+(?=[^\W\d_]+ [^\W\d_])",
        "ours": rf"\A(?:{_any('ours')})\s+\S+\s+(?=\S+ \S)",
        "between": rf"\s+(?:{_any('between')})\s+(?=[^\W\d_])",
        "roles": rf"(?:\s*[|/]\s*|\s+[–—-]\s+|\s+(?=[^\x00-\x7f])|(?<=[{HAN}{HANGUL}])\s*)(?:{_any('roles')})\Z",
        "role_at_end": rf"(?:\A|\s|(?<=[{HAN}]))(?:{_any('roles')})\Z",
        "role_before": rf"(?:\A|(?<=\s))(?:{_any('roles_before')})(?:\s*[:：・／/]\s*|\s+|(?=[{HAN}]))",
        "role_first": rf"\A{charge}\s+(?=[^\W\d_](?:[^\W\d_]|[.'’-])*\.? [^\W\d_])",
        "role_at_begin": rf"\A{charge}(?=\s+\S+\Z|\s+(?-i:[a-zà-ÿа-я])|\Z)",
        "sender": rf"(?:{_any('roles_before')})\s*([{HAN}]{{2,4}})\s*[／/]\s*[{HAN}]{{2,8}}(?:{_any('sent_from')})",
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


def is_beside(part: str) -> bool:
    """What stands behind a name and is none: a role, an organisation, or the sign of who edited."""
    part = part.strip()
    if any(pattern(key).match(part) for key in ("begins_tail", "edits")) or is_office(part):
        return True
    if pattern("role_at_begin").match(part) and not pattern("between").search(part):
        return True
    if (part[:1].islower() and " " in part) or pattern("sent_from").search(part):
        return not pattern("and_first").match(part)
    at_end = pattern("role_at_end").search(part)
    return is_organisation(part) or (at_end is not None and (part.isascii() or at_end.start() == 0))


def is_organisation(part: str) -> bool:
    """Whether a part of a byline is an agency's or outlet's name, or ends as such names do."""
    told = part.casefold().strip(EDGES).split()
    ends = bool(told) and (told[-1] in words("organisations") or told[0] in words("organisations_begin"))
    dense = len(told) == 1 and told[0].endswith(words("organisations_end"))
    return ends or dense or " ".join(told) in words("agencies")


@cache
def _of_offices() -> frozenset[str]:
    """The single words that roles, beats and offices are made of."""
    keys = ("roles", "beats", "ours", "nobody", "office")
    return frozenset(word for key in keys for phrase in words(key) for word in phrase.split())


def is_office(name: str) -> bool:
    """Whether a line names a desk or a post and nobody in it: "Our Staff Reporter", "Online Desk".

    >>> is_office("Our Special Correspondent"), is_office("Jane Editor")
    (True, False)
    """
    key = name.casefold().replace("i\u0307", "i")  # İ in lower case
    told = key.replace("-", " ").split()
    return key in words("nobody") or (len(told) >= FULL and _of_offices().issuperset(told))


def is_place(word: str, name: str) -> bool:
    """Whether what stands behind a full name is a single word in capitals at most."""
    full = len(name.split()) >= FULL
    alone = all(one.isalpha() or unicodedata.combining(one) or unicodedata.category(one) == "Mc" for one in word)
    return full and alone and not DENSE.search(word) and not word.islower() and len(word) > FULL


def less_role(name: str) -> str:
    """A name without one role, beat or agency behind it."""
    shorter = pattern("roles").sub("", name).strip(EDGES)
    if shorter != name:
        return shorter
    for key in ("role_behind", "lent"):
        shorter = pattern(key).sub("", name).strip(EDGES)
        if shorter == name:
            continue
        while (less := pattern("beats").sub("", pattern("and_at_end").sub("", shorter))) != shorter:
            shorter = less
        return shorter if len(shorter.split()) >= FULL else name
    return name

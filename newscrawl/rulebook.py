"""Reads the rules that stand as data in rules/, and refuses a bad one by file, id and remedy.

A shelf is a folder of TOML files; a file holds `[[rule]]` tables. Each rule has an `id` and its own proof: examples
that it must find and examples that it must not. The wing that owns the shelf says which keys a rule may have.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

RULES = Path(__file__).parent / "rules"
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")


class RuleError(ValueError):
    """A rule that does not load: names the shelf, the file, the rule and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as its file has it. `name` is shelf/file/id, which every removal and signal carries.

    A user's own rule names its file with the ending (wrappers/house.toml/footer), so that it is told from a shipped
    one, and is `own`.
    """

    name: str
    shelf: str
    file: str
    values: Mapping[str, object]
    finds: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    own: bool = False

    def text(self, key: str, default: str = "") -> str:
        """A value that is one string."""
        value = self.values.get(key, default)
        return value if isinstance(value, str) else default

    def words(self, key: str) -> tuple[str, ...]:
        """A value that is a list of strings (one string counts as a list of one)."""
        value = self.values.get(key, ())
        if isinstance(value, str):
            return (value,)
        return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()

    def number(self, key: str, default: float = 0.0) -> float:
        """A value that is a number."""
        value = self.values.get(key, default)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default

    def flag(self, key: str, default: bool = False) -> bool:
        """A value that is true or false."""
        value = self.values.get(key, default)
        return value if isinstance(value, bool) else default


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a shelf's rules may and must say: key to type (str, list, float, bool), and the names of its proofs."""

    may: Mapping[str, type]
    must: tuple[str, ...] = ()
    finds: str = "cuts"
    keeps: str = "keeps"
    file_keys: Mapping[str, type] = field(default_factory=dict)


def _check(name: str, path: Path, values: Mapping[str, object], keys: Keys) -> None:
    known = {"id", keys.finds, keys.keeps, *keys.may}
    for key, value in values.items():
        if key not in known:
            raise RuleError(f"rule {name} in {path}: unknown key {key!r}: use one of {', '.join(sorted(known))}")
        wanted = keys.may.get(key)
        good = (int, float) if wanted is float else wanted
        if good is not None and not isinstance(value, good):
            raise RuleError(f"rule {name} in {path}: {key} must be {wanted.__name__ if wanted else ''}, not {value!r}")
    for key in ("id", *keys.must):
        if key not in values:
            raise RuleError(f"rule {name} in {path} lacks {key}: add it")
    for key in (keys.finds, keys.keeps):
        proof = values.get(key)
        if not isinstance(proof, list) or not proof or not all(isinstance(one, str) for one in proof):
            raise RuleError(
                f"rule {name} in {path} lacks {key}: every rule brings examples that it {keys.finds} and that it keeps"
            )


def read_file(path: Path, shelf: str, keys: Keys, *, own: bool = False) -> tuple[Rule, ...]:
    """The rules of one file, checked; `own` says that it is a user's.

    Raises:
        RuleError: not TOML, an unknown key, a missing key or proof, or an id used twice.
    """
    data = _toml(path)
    data.pop("shelf", None)
    file_values = {key: value for key, value in data.items() if key != "rule"}
    for key in file_values:
        if key not in keys.file_keys:
            raise RuleError(f"rules file {path}: unknown key {key!r}: rules stand in [[rule]] tables")
    tables = data.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(values, dict) for values in tables):
        raise RuleError(f"rules file {path}: rule is no list of tables: write [[rule]] before each")
    rules: dict[str, Rule] = {}
    for values in tables:
        name = f"{shelf}/{path.name if own else path.stem}/{values.get('id', '?')}"
        _check(name, path, values, keys)
        if not ID.match(str(values["id"])):
            raise RuleError(f"rule {name} in {path}: id must be lower-case letters, digits and hyphens")
        if name in rules:
            raise RuleError(f"rule {name} in {path} stands twice: give one of them another id")
        rules[name] = Rule(
            name=name,
            shelf=shelf,
            file=path.stem,
            values=file_values | values,
            finds=tuple(values[keys.finds]),
            keeps=tuple(values[keys.keeps]),
            own=own,
        )
    return tuple(rules.values())


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise RuleError(f"rules file {path}: {error.strerror}: give a TOML file that can be read") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise RuleError(f"rules file {path}: no TOML ({error}): mend the file") from error


def shelf(name: str, keys: Keys, *, extra: Iterable[Path] = ()) -> tuple[Rule, ...]:
    """Every rule on a shelf, by file name, then as they stand; behind them a user's own, of the files in `extra`.

    Raises:
        RuleError: a rule that is badly written, or two of one name.
    """
    shipped = [rule for path in sorted((RULES / name).glob("*.toml")) for rule in read_file(path, name, keys)]
    own = [rule for path in own_files(extra).get(name, ()) for rule in read_file(path, name, keys, own=True)]
    names = [rule.name for rule in own]
    for one in names:
        if names.count(one) > 1:
            raise RuleError(f"rule {one} stands in two of your files of that name: give one of them another id")
    return (*shipped, *own)


# A user's own rules

SHELVES = ("wrappers", "spam", "notices")
"""The shelves to which a user may add."""

_own: tuple[Path, ...] = ()


def use(paths: Iterable[Path | str]) -> None:
    """From now on this process takes a user's own rules along, of these files and folders; what is shipped stays.

    Raises:
        RuleError: a path that is not there, or a file whose shelf cannot be told.
    """
    global _own
    chosen = tuple(Path(path).absolute() for path in paths)
    if chosen != _own:
        own_files(chosen)
        _own = chosen


def own() -> tuple[Path, ...]:
    """The files and folders of a user's own rules that are in use."""
    return _own


def own_files(paths: Iterable[Path]) -> dict[str, tuple[Path, ...]]:
    """The rule files of a user, by shelf: a file's shelf is its folder's name, or what `shelf` at its top says.

    Raises:
        RuleError: a path that is not there, a folder without rule files, a file whose shelf cannot be told.
    """
    found: dict[str, list[Path]] = {}
    for path in paths:
        if path.is_dir():
            files = sorted(one for one in path.rglob("*.toml") if not any(part[:1] == "." for part in one.parts))
            if not files:
                raise RuleError(f"rules folder {path} holds no TOML file: give a file, or a folder with rule files")
        elif path.exists():
            files = [path]
        else:
            raise RuleError(f"rules {path}: no such file or folder: mend the path")
        for one in files:
            pile = found.setdefault(shelf_of(one), [])
            if one not in pile:
                pile.append(one)
    return {name: tuple(files) for name, files in found.items()}


def shelf_of(path: Path) -> str:
    """The shelf that a user's rule file belongs to.

    Raises:
        RuleError: neither its folder nor the file says so.
    """
    said = _toml(path).get("shelf", path.absolute().parent.name)
    if said in SHELVES:
        return str(said)
    raise RuleError(
        f"rules file {path}: of which shelf? put it in a folder named {', '.join(SHELVES[:-1])} or {SHELVES[-1]}, "
        f'or write shelf = "{SHELVES[0]}" at its top'
    )


def prove(rules: Iterable[Rule], finds: Callable[[Rule, str], bool]) -> tuple[Rule, ...]:
    """Tries each rule on its own examples.

    Raises:
        RuleError: a rule misses one of its examples, or hits one that it must keep.
    """
    checked = tuple(rules)
    for rule in checked:
        for example in rule.finds:
            if not finds(rule, example):
                raise RuleError(f"rule {rule.name} misses its own example {example!r}: mend the rule or the example")
        for example in rule.keeps:
            if finds(rule, example):
                raise RuleError(f"rule {rule.name} hits {example!r}, which it must keep: make the rule narrower")
    return checked


@cache
def table(name: str) -> Mapping[str, object]:
    """A plain data file of rules/, such as `table("robots/tokens")`: words without a pattern, so without a proof."""
    return tomllib.loads((RULES / f"{name}.toml").read_text("utf-8"))


def version(paths: Iterable[Path | str] | None = None) -> str:
    """Twelve hex digits that change with any rule, a user's own too (those in use, or of `paths`).

    Every record carries them.
    """
    return _version(_own if paths is None else tuple(Path(path).absolute() for path in paths))


@cache
def _version(own: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in sorted(RULES.rglob("*.toml")):
        digest.update(path.relative_to(RULES).as_posix().encode())
        digest.update(path.read_bytes())
    for name, files in sorted(own_files(own).items()):
        for path in files:
            digest.update(f"{name}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

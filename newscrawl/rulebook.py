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

RULES = Path(__file__).parent / "rules"
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")


class RuleError(ValueError):
    """A rule that does not load: names the shelf, the file, the rule and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as its file has it. `name` is shelf/file/id, which every removal and signal carries."""

    name: str
    shelf: str
    file: str
    values: Mapping[str, object]
    finds: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()

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


def read_file(path: Path, shelf: str, keys: Keys) -> tuple[Rule, ...]:
    """The rules of one file, checked.

    Raises:
        RuleError: not TOML, an unknown key, a missing key or proof, or an id used twice.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleError(f"rules file {path}: {error}: mend the file") from error
    file_values = {key: value for key, value in data.items() if key != "rule"}
    for key in file_values:
        if key not in keys.file_keys:
            raise RuleError(f"rules file {path}: unknown key {key!r}: rules stand in [[rule]] tables")
    tables = data.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(values, dict) for values in tables):
        raise RuleError(f"rules file {path}: rule is no list of tables: write [[rule]] before each")
    rules: dict[str, Rule] = {}
    for values in tables:
        name = f"{shelf}/{path.stem}/{values.get('id', '?')}"
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
        )
    return tuple(rules.values())


def shelf(name: str, keys: Keys, *, extra: Iterable[Path] = ()) -> tuple[Rule, ...]:
    """Every rule on a shelf, by file name, then as they stand; `extra` folders hold a user's own shelves."""
    folders = [RULES / name, *(folder / name for folder in extra)]
    return tuple(
        rule for folder in folders for path in sorted(folder.glob("*.toml")) for rule in read_file(path, name, keys)
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


@cache
def version() -> str:
    """Twelve hex digits that change with any shipped rule; every record carries them."""
    digest = hashlib.sha256()
    for path in sorted(RULES.rglob("*.toml")):
        digest.update(path.relative_to(RULES).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

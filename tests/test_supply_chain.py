"""What is installed is what was locked: every package, every one that it needs, each file by its sha256."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LISTS = sorted(path.stem for path in ROOT.glob("requirements*.in"))
NEVER_LOCKED = {"pip", "setuptools", "wheel"}


def locked(name: str) -> dict[str, list[Requirement]]:
    """The entries of a lock file by name; a package may have one for each of several Pythons."""
    found: dict[str, list[Requirement]] = {}
    text = (ROOT / f"{name}.txt").read_text("ascii")
    for entry in re.split(r"\n(?=[^\s#])", re.sub(r"(?m)^\s*#.*\n", "", text)):
        one, *hashes = entry.replace("\\\n", " ").split(" --hash=")
        assert hashes, f"{name}.txt: {one}: no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each.strip()) for each in hashes), one
        requirement = Requirement(one.strip())
        assert [spec.operator for spec in requirement.specifier] == ["=="], f"{name}.txt: {one}: not pinned"
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def here(entries: list[Requirement]) -> list[Requirement]:
    return [one for one in entries if one.marker is None or one.marker.evaluate()]


def chosen(name: str) -> dict[str, Requirement]:
    """What a list asks for itself, its included lists too."""
    found: dict[str, Requirement] = {}
    for line in (ROOT / f"{name}.in").read_text("ascii").splitlines():
        if line.startswith("-r "):
            found |= chosen(line[3:].strip().removesuffix(".in"))
        elif line and not line.startswith("#"):
            requirement = Requirement(line)
            found[canonicalize_name(requirement.name)] = requirement
    return found


@pytest.mark.parametrize("name", LISTS)
def test_a_list_and_its_lock_say_the_same(name: str) -> None:
    entries = locked(name)
    for wanted, requirement in chosen(name).items():
        assert wanted in entries, f"{name}.txt lacks {wanted}: run `make lock`"
        for entry in here(entries[wanted]):
            assert entry.specifier == requirement.specifier, f"{name}.txt: {entry}, not {requirement}: run `make lock`"


@pytest.mark.parametrize("name", LISTS)
def test_no_lock_names_a_registry(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text("ascii")
    assert not re.search(r"https?://|file:|--(?:extra-)?index-url|--find-links|--trusted-host", text)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_whatever_a_locked_package_needs_is_locked_too(name: str) -> None:
    entries = locked(name)
    for package, versions in entries.items():
        if not here(versions):
            continue
        try:
            needs = metadata.requires(package) or []
        except metadata.PackageNotFoundError:
            continue  # locked a moment ago and not yet installed
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                wanted = canonicalize_name(need.name)
                assert wanted in entries or wanted in NEVER_LOCKED, f"{name}.txt: {package} needs {need}: `make lock`"


def test_the_locks_agree_on_their_versions() -> None:
    run, dev = locked("requirements"), locked("requirements-dev")
    assert {name: list(map(str, entries)) for name, entries in run.items()} == {
        name: list(map(str, entries)) for name, entries in dev.items() if name in run
    }


def test_what_is_locked_is_no_older_than_the_package_promises() -> None:
    entries = locked("requirements")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for floor in map(Requirement, project["dependencies"]):
        (entry,) = here(entries[canonicalize_name(floor.name)])
        (pin,) = entry.specifier
        assert floor.specifier.contains(pin.version), f"{entry} is not {floor}"

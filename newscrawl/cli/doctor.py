"""`newscrawl doctor`: looks at everything that a crawl will need, and names each fault with its remedy."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, TypeAlias

import click
from packaging.requirements import InvalidRequirement, Requirement

State: TypeAlias = Literal["ok", "note", "FAULT"]
ROOM = 1 << 30
QUICK = 200 << 20
"""Bytes of an archive up to which it is verified without being asked to."""
AHEAD = 300.0
"""Seconds by which a file may be newer than the clock, on a network disk."""
PLACEHOLDER = "newscrawl.example"
ASK = """
import json, sys
from scrapy.utils.project import get_project_settings, inside_project
settings = get_project_settings()
told = {"agent": settings.get("USER_AGENT"), "archive": settings.get("NEWSCRAWL_ARCHIVE") or "data"}
told["project"] = inside_project()
told["addon"] = any("newscrawl" in str(one) for one in settings.getdict("ADDONS"))
try:
    from newscrawl.crawl.options import Options
    Options.of(settings)
except Exception as error:
    told["wrong"] = f"{type(error).__name__}: {error}"
print(json.dumps(told))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, whether it is well, and what is to be done where it is not."""

    state: State
    what: str
    told: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.state:<5} {self.what}: {self.told}" + (f": {self.remedy}" if self.remedy else "")


def ok(what: str, told: str) -> Finding:
    """All is well."""
    return Finding(state="ok", what=what, told=told)


def note(what: str, told: str) -> Finding:
    """Worth knowing, and no fault."""
    return Finding(state="note", what=what, told=told)


def fault(what: str, told: str, remedy: str) -> Finding:
    """A fault and its remedy."""
    return Finding(state="FAULT", what=what, told=told, remedy=remedy)


def requirements() -> list[Requirement]:
    """What newscrawl needs: as installed, or as a checkout's pyproject.toml says."""
    import tomllib

    pyproject = Path(__file__).parents[2] / "pyproject.toml"
    if pyproject.is_file():
        project = tomllib.loads(pyproject.read_text("utf-8")).get("project", {})
        if project.get("name") == "newscrawl":
            return [Requirement(one) for one in project["dependencies"]]
    try:
        found = [Requirement(one) for one in metadata.requires("newscrawl") or ()]
    except metadata.PackageNotFoundError:
        return []
    return [one for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]


def installation() -> Iterator[Finding]:
    """Each package that we need, and each that those need, against the versions they ask for."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs us by hand may have an older one
        yield fault("python", sys.version.split()[0], "newscrawl needs Python 3.11 or newer")
    waiting = [("newscrawl", one) for one in requirements()]
    looked: set[str] = set()
    wrong = 0
    while waiting:
        by, wanted = waiting.pop()
        try:
            there = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            wrong += 1
            yield fault("installation", f"{by} needs {wanted}, which is missing", f"pip install '{wanted}'")
            continue
        if not wanted.specifier.contains(there, prereleases=True):
            wrong += 1
            yield fault("installation", f"{by} needs {wanted}, here is {there}", f"pip install '{wanted}'")
        if wanted.name not in looked:
            looked.add(wanted.name)
            waiting += [(wanted.name, one) for one in _needs(wanted.name)]
    if not wrong:
        from newscrawl.record import VERSION

        python = ".".join(map(str, sys.version_info[:3]))
        yield ok("installation", f"newscrawl {VERSION}, Python {python}, {len(looked)} packages agree")


def _needs(package: str) -> Iterator[Requirement]:
    for text in metadata.requires(package) or ():
        try:
            found = Requirement(text)
        except InvalidRequirement:
            continue
        if found.marker is None or found.marker.evaluate({"extra": ""}):
            yield found


def project() -> dict[str, Any] | str:
    """The settings of the Scrapy project of this folder, or what is said in their stead."""
    ask = [sys.executable, "-c", ASK]
    done = subprocess.run(ask, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own words
    try:
        found = json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines()
        return lines[-1] if lines else f"exit code {done.returncode}"
    return found if isinstance(found, dict) else "no settings"


def settings(found: dict[str, Any] | str) -> Iterator[Finding]:
    """The project's settings: do they load, is newscrawl wired in, who do we say we are."""
    if find_spec("scrapy") is None:
        yield note("settings", "not looked at: Scrapy is missing")
        return
    if isinstance(found, str):
        yield fault("settings", found, "run this in the folder of scrapy.cfg, and mend its settings module")
        return
    if not found["project"]:
        yield fault("settings", "there is no scrapy.cfg here or above", "run this in the folder of your project")
        return
    if "wrong" in found:
        yield fault("settings", found["wrong"], "until then a crawl ends with exit code 78")
    elif not found["addon"]:
        yield fault("settings", "ADDONS has no newscrawl", 'ADDONS = {"newscrawl.crawl.addon.Newscrawl": 300}')
    else:
        yield ok("settings", "they load, and the add-on is wired in")
    agent = str(found["agent"] or "")
    remedy = 'USER_AGENT = "yourname/1.0 (+https://your.site/bot)" in settings.py, with an address that is read'
    if PLACEHOLDER in agent:
        yield fault("user agent", f"{agent} is still the placeholder", remedy)
    elif "@" not in agent and "http" not in agent:
        yield fault("user agent", f"{agent or 'empty'} names nobody to complain to", remedy)
    else:
        yield ok("user agent", agent)


def rules() -> Iterator[Finding]:
    """Each rule on its own examples, and each site file."""
    from newscrawl import rulebook, sitebook
    from newscrawl.cli.rules import SHELVES

    number = 0
    for name, shelf in SHELVES.items():
        try:
            found = rulebook.shelf(name, shelf.keys)
            rulebook.prove(found, shelf.finds)
        except (OSError, ValueError) as error:
            yield fault("rules", str(error), "mend the rule, or install newscrawl again")
        else:
            number += len(found)
    yield ok("rules", f"{number} hold their examples, version {rulebook.version()}")
    try:
        yield ok("sites", f"{len(sitebook.sites())} site files load")
    except (OSError, ValueError) as error:
        yield fault("sites", str(error), "mend the site file")


def clock(archive: Path) -> Iterator[Finding]:
    """A clock behind the newest file would name runs wrongly, and keep robots.txt for too long."""
    made = [Path(__file__), *archive.glob("*"), *archive.glob("runs/*.json")] if archive.is_dir() else [Path(__file__)]
    newest = max((path.stat().st_mtime for path in made if path.exists()), default=0.0)
    now = time.time()
    said = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now))
    if newest > now + AHEAD:
        yield fault("clock", f"{said}, {newest - now:.0f} seconds behind its own files", "set the clock (timedatectl)")
    else:
        yield ok("clock", said)


def room(what: str, folder: Path) -> Iterator[Finding]:
    """Whether a folder can be written to, and has room."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        yield fault(what, f"{there}: {error.strerror}", "make it writable for this user, or name another folder")
        return
    free, inodes = shutil.disk_usage(there).free, os.statvfs(there)
    if free < ROOM:
        yield fault(what, f"{there}: {free >> 20} MiB free", "make room: a crawl ends with exit code 3 on a full disk")
    elif inodes.f_files and inodes.f_favail < 1000:
        yield fault(what, f"{there}: {inodes.f_favail} inodes free", "make room: delete small files that nobody needs")
    else:
        yield ok(what, f"{there}: writable, {free >> 30} GiB free")


def holder(archive: Path) -> str | None:
    """Who holds an archive, if anybody does."""
    try:
        fd = os.open(archive / ".lock", os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(fd, 4096, 0).decode("utf-8", "replace")
    finally:
        os.close(fd)
    return None


def archive_of(path: Path, full: bool) -> Iterator[Finding]:
    """The archive: who holds it, whether it verifies, whether what it keeps of hosts can be read."""
    from newscrawl import archive as disk

    if not path.exists():
        yield note("archive", f"{path} is not there yet: the first crawl makes it")
        return
    by = holder(path)
    yield note("archive", f"a run holds it: {by}") if by else ok("archive", f"{path}: nobody holds it")
    try:
        size = sum(one.stat().st_size for one in path.glob("*.jsonl"))
        if size > QUICK and not full:
            yield note(
                "archive", f"{size >> 20} MiB: not verified: newscrawl doctor --full, or newscrawl verify {path}"
            )
        else:
            report = disk.verify(path)
            if report.ok:
                yield ok("archive", f"{sum(report.items.values())} records verify")
            for problem in report.problems[:5]:
                yield fault("archive", str(problem), f"newscrawl repair {path}")
    except (OSError, disk.ArchiveError, sqlite3.Error) as error:
        yield fault("archive", str(error), f"newscrawl repair {path}")
    for kept in sorted(path.glob("*.sqlite*")):
        if not os.access(kept, os.W_OK):
            yield fault(
                "archive", f"{kept} cannot be written", "give it to the user that crawls (chown): it keeps robots.txt"
            )


def browser() -> Iterator[Finding]:
    """Chromium is needed by the tests of the report only."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    yield ok("chromium", found) if found else note("chromium", "not here: only the tests of the report want it")


@click.command()
@click.argument("archive", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--full", is_flag=True, help="Verify the archive however large it is.")
def doctor(archive: Path | None, full: bool) -> None:
    """Look at the installation, the settings, the rules, the clock, the disk and the ARCHIVE; name each fault.

    Exit code 1 where there is a fault; each has its remedy behind it.

    \b
    newscrawl doctor
    newscrawl doctor data --full
    """
    found = project()
    where = archive or Path(str(found["archive"]) if isinstance(found, dict) else "data")
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        installation,
        lambda: settings(found),
        rules,
        lambda: clock(where),
        lambda: room("disk", where),
        lambda: room("temporary files", Path(tempfile.gettempdir())),
        lambda: archive_of(where, full),
        browser,
    )
    faults = 0
    for look in looks:
        try:
            for finding in look():
                click.echo(str(finding))
                faults += finding.state == "FAULT"
        except ImportError as error:  # what is missing was named above; what needs it cannot be looked at
            click.echo(str(note("not looked at", f"{error}: mend the installation first")))
    click.echo(f"{faults} fault{'s' * (faults > 1)}" if faults else "no fault")
    raise SystemExit(1 if faults else 0)

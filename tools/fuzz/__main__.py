"""Fuzzes the core with atheris, target by target: `python -m tools.fuzz [TARGET …] [--seconds 75]`.

Each target runs in a process of its own, since libFuzzer ends the one it runs in. Exits with 1 where one found
something; the octets that did it lie in the working directory as crash-…, and go into a test.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.fuzz.words import COMMON, WORDS

SECONDS = 75
"""A target; eight of them are ten minutes."""


def one(name: str, seconds: int) -> None:
    """Fuzzes one target in this process, which ends with it."""
    import atheris

    # what is loaded before is not instrumented, and the fuzzer blind to it: so nothing above imports the core
    with atheris.instrument_imports(include=["newscrawl", "feedparser"]):
        from tools.fuzz.targets import TARGETS

    with tempfile.TemporaryDirectory() as folder:
        dictionary = Path(folder) / "words"
        octets = {word.encode("utf-8", "replace") for word in (*COMMON, *WORDS[name]) if word}
        lines = ['"' + "".join(f"\\x{octet:02x}" for octet in word) + '"' for word in sorted(octets) if len(word) < 64]
        dictionary.write_text("\n".join(lines) + "\n")
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, word in enumerate((*sorted(octets), b"".join(sorted(octets)))):
            (corpus / str(number)).write_bytes(b"\0" + word if name == "html" else word)
        flags = [
            f"-max_total_time={seconds}",
            f"-dict={dictionary}",
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-max_len=20000",
            str(corpus),
        ]
        atheris.Setup([sys.argv[0], *flags], TARGETS[name])
        atheris.Fuzz()


def main() -> int:
    """The exit code: 0 where nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"any of {', '.join(WORDS)} (default: all)")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long each target is fuzzed")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    unknown = set(asked.targets) - set(WORDS)
    if unknown:
        parser.error(f"no target is called {', '.join(sorted(unknown))}: there are {', '.join(WORDS)}")
    if asked.here:
        one(asked.targets[0], asked.seconds)
        return 0
    found = False
    for name in asked.targets or WORDS:
        words = [sys.executable, "-m", "tools.fuzz", name, "--here", "--seconds", str(asked.seconds)]
        done = subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)
        last = [line for line in done.stderr.splitlines() if line.startswith("#") and " cov: " in line][-1:]
        print(f"{name:<8} exit {done.returncode}  {' '.join(''.join(last).split())[:120]}", flush=True)
        if done.returncode:
            found = True
            print(done.stdout[-3000:], done.stderr[-3000:], sep="\n")
    return int(found)


if __name__ == "__main__":
    sys.exit(main())

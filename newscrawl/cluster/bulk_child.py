"""Cleans part after part: reads a part a line, answers with what came of it a line, ends with its input.

A process of its own, so that a page which takes it down takes no worker with it, and so that a worker's heartbeat
never waits for a page.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from newscrawl.bulk import do_part
from newscrawl.cluster.bulk_parts import part_of
from newscrawl.corpora import CorpusError
from newscrawl.rulebook import RuleError


def answer(task: dict[str, Any]) -> dict[str, Any]:
    """What came of a part: `result` and `sha256`, or `why` and whether another try may do better."""
    part = part_of(task)
    try:
        result = do_part(part)
        with Path(part.final).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (CorpusError, RuleError) as error:
        return {"why": str(error), "for_good": True}
    except OSError as error:
        return {"why": f"{error.filename or part.final}: {error.strerror}", "for_good": False}
    return {"result": asdict(result), "sha256": digest}


def main() -> None:
    """Answers until its input ends. SIGTERM is the worker's to heed."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(1), "wb", buffering=0) as out:
        os.dup2(2, 1)  # what a library prints is no answer
        for line in sys.stdin.buffer:
            out.write(json.dumps(answer(json.loads(line))).encode() + b"\n")


if __name__ == "__main__":
    main()

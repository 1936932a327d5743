"""Makes log lines that a page cannot forge: no control or bidi characters, and no line that looks like another's."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
TRACE = logging.Formatter()
INDENT = "\n    "


def _spelt(found: re.Match[str]) -> str:
    letter = found.group()
    return "    " if letter == "\t" else letter.encode("unicode_escape").decode("ascii")


def plain(text: str) -> str:
    r"""Text for a terminal and a log file: what moves the cursor or turns the reading order round is spelt out.

    Lines after the first are indented, so that none begins like a line of the log.

    >>> plain("dropped \x1b[2J\u202egpj.exe\n2026-05-05 INFO: all is well")
    'dropped \\x1b[2J\\u202egpj.exe\n    2026-05-05 INFO: all is well'
    """
    return UNSAFE.sub(_spelt, text).replace("\n", INDENT)


class PlainRecord(logging.LogRecord):
    """A record whose message, and the traceback that comes with it, are plain."""

    def getMessage(self) -> str:
        if self.exc_info and not self.exc_text:
            self.exc_text = plain(TRACE.formatException(self.exc_info))
        return plain(super().getMessage())


class JsonRecord(PlainRecord):
    """A record whose message is one JSON object, its traceback within; for a format of `%(message)s` alone."""

    def getMessage(self) -> str:
        told = {
            "time": datetime.fromtimestamp(self.created, UTC).isoformat(timespec="milliseconds"),
            "level": self.levelname,
            "logger": self.name,
            "message": super().getMessage(),
        }
        if self.exc_text:
            told["traceback"], self.exc_text, self.exc_info = self.exc_text, None, None
        return json.dumps(told, ensure_ascii=True)


def install(form: str = "text") -> None:
    """From now on every record of the process is plain, or JSON, whichever handler writes it."""
    logging.setLogRecordFactory(JsonRecord if form == "json" else PlainRecord)

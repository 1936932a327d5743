"""A spider whose process dies while a story is cleaned, as by a fault of a library in C."""

import os
import signal
from typing import Any

from newscrawl import desk
from newscrawl.crawl.spiders.aggregator import Aggregator

publish = desk.publish


def deadly(found: desk.Found, *args: Any, **kwargs: Any) -> Any:
    """Dies of one story, after its page was read."""
    if found.story is not None and "take the process down" in found.story.text:
        os.kill(os.getpid(), signal.SIGKILL)
    return publish(found, *args, **kwargs)


desk.publish = deadly


class Deadly(Aggregator):
    """Reads as any other."""

    name = "tests.deadly"

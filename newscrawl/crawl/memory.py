"""Bounds what a crawl takes of memory by its own, whoever started it."""

from __future__ import annotations

from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

STATUS = Path("/proc/self/status")


class OwnMemory(MemoryUsage):
    """Scrapy's extension, with its settings MEMUSAGE_….

    Scrapy asks getrusage(2), whose `ru_maxrss` begins with the size of the process that started this one: a crawl that
    a program of more than the limit starts was ended before its first page.
    """

    def get_virtual_size(self) -> int:
        """The most bytes that this process had resident (proc(5), VmHWM); where there is no /proc, what Scrapy says."""
        try:
            return int(STATUS.read_text("ascii").partition("VmHWM:")[2].split()[0]) * 1024
        except (OSError, ValueError, IndexError):
            return super().get_virtual_size()

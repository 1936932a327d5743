"""Wires newscrawl into a Scrapy project: who stands where, in order, and why in that order."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.extensions.memusage import MemoryUsage

from newscrawl.crawl import logs
from newscrawl.crawl.archiver import Archiver
from newscrawl.crawl.asking import Unpacker
from newscrawl.crawl.bodies import Bodies
from newscrawl.crawl.browser import Browser
from newscrawl.crawl.dupefilter import Requested
from newscrawl.crawl.ending import Ending
from newscrawl.crawl.exporters import ArticleArray, ArticleLines
from newscrawl.crawl.feedstorage import FeedStorage
from newscrawl.crawl.foreign import Foreign, Provenance
from newscrawl.crawl.gatekeeper import Gatekeeper
from newscrawl.crawl.guard import Guard
from newscrawl.crawl.holdback import Holdback
from newscrawl.crawl.memory import OwnMemory
from newscrawl.crawl.noticeboard import NoticeBoard
from newscrawl.crawl.options import OPTIONS
from newscrawl.crawl.pages import HopRecorder
from newscrawl.crawl.patience import Patience
from newscrawl.crawl.pipelines import Gate, Keep, Once, Source, Twins
from newscrawl.crawl.runreport import RunReport
from newscrawl.crawl.settling import Settling
from newscrawl.crawl.terminal import Terminal
from newscrawl.crawl.watchdog import Watchdog
from newscrawl.crawl.wire import BoundedHandler

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)
HARDENED: dict[str, Any] = {
    "TELNETCONSOLE_ENABLED": False,  # runs Python for whoever connects
    "REMOTE_CONTROL_ENABLED": False,  # the same over HTTP, on by default since Scrapy 2.19
    "COOKIES_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "ROBOTSTXT_OBEY": False,  # the gatekeeper's work: Scrapy's own fetches when robots.txt answers 503
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_MAXSIZE": 5 << 20,
    "DOWNLOAD_WARNSIZE": 2 << 20,
    "DOWNLOAD_TIMEOUT": 20,
    "REDIRECT_MAX_TIMES": 5,
    "REFERRER_POLICY": "no-referrer",
    "DEPTH_LIMIT": 30,
    "CONCURRENT_ITEMS": 16,  # Scrapy starts so many tasks for each response, even for one story: 100 took 0.3 ms
    "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],  # 429 and 503 ask for patience: the gatekeeper's back-off
    "MEMUSAGE_LIMIT_MB": 1024,
    "MEMUSAGE_CHECK_INTERVAL_SECONDS": 5,
}


class Newscrawl:
    """`ADDONS = {"newscrawl.crawl.addon.Newscrawl": 300}`."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Sets what is not set by the project or the command line."""
        for option in OPTIONS:
            settings.set(option.name, option.default, "default")
        if not settings.getbool("NEWSCRAWL_ENABLED"):
            return
        form = str(settings.get("NEWSCRAWL_LOG"))
        logs.install(form)
        if form == "json":
            settings.set("LOG_FORMAT", "%(message)s", "addon")
        if settings.get("JOBDIR"):  # newscrawl's own spiders refuse it; a project's own may have their reasons
            logger.warning(
                "JOBDIR=%s: after a crash (kill -9, power) its queue has lost pages, and nobody is told: begin anew "
                "with an empty one then; what the archive has it does not take twice",
                settings.get("JOBDIR"),
            )
        for name, value in HARDENED.items():
            settings.set(name, value, "addon")
        settings.set("DUPEFILTER_CLASS", Requested, "addon")
        handlers = settings.getdict("DOWNLOAD_HANDLERS")
        none = dict.fromkeys(("file", "data", "ftp", "s3"))
        ours = dict.fromkeys(("http", "https"), BoundedHandler)
        settings.set("DOWNLOAD_HANDLERS", none | ours | handlers, "addon")

        middlewares = "DOWNLOADER_MIDDLEWARES"
        settings.setdefault_in_component_priority_dict(middlewares, Browser, 30)  # sees an answer last, whole
        settings.setdefault_in_component_priority_dict(middlewares, Guard, 40)  # before anything else looks at it
        settings.setdefault_in_component_priority_dict(middlewares, Gatekeeper, 100)  # before a cache could answer
        settings.setdefault_in_component_priority_dict(middlewares, HopRecorder, 650)  # nearer the wire than redirects
        settings.setdefault_in_component_priority_dict(middlewares, Bodies, 655)  # and than Scrapy's own decoding
        settings.setdefault_in_component_priority_dict(middlewares, Unpacker, 660)
        settings.setdefault_in_component_priority_dict(middlewares, Patience, 670)
        # notices are learnt before the stories are held back, so that the last one's hold for the first
        settings.setdefault_in_component_priority_dict("SPIDER_MIDDLEWARES", NoticeBoard, 30)
        # last before the pipelines, so that it sees what other spider middlewares let through
        settings.setdefault_in_component_priority_dict("SPIDER_MIDDLEWARES", Holdback, 20)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", MemoryUsage, None)  # ours stands in its place
        settings.setdefault_in_component_priority_dict("EXTENSIONS", OwnMemory, 0)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", Archiver, 10)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", RunReport, 20)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", Watchdog, 30)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", Ending, 40)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", Terminal, 50)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", Settling, 60)

        # nearest to the pipelines: no other middleware replaces an item behind it
        settings.setdefault_in_component_priority_dict("SPIDER_MIDDLEWARES", Provenance, 10)
        pipelines = "ITEM_PIPELINES"
        settings.setdefault_in_component_priority_dict(pipelines, Foreign, 100)  # items of the project's own spiders
        settings.setdefault_in_component_priority_dict(pipelines, Source, 200)  # all rights are known …
        settings.setdefault_in_component_priority_dict(pipelines, Gate, 400)  # … before one word is cut
        settings.setdefault_in_component_priority_dict(pipelines, Once, 500)
        settings.setdefault_in_component_priority_dict(pipelines, Twins, 600)  # a new version is no copy of itself
        settings.setdefault_in_component_priority_dict(pipelines, Keep, 800)  # durable before FEEDS see it

        exporters = settings.getdict("FEED_EXPORTERS")
        lines = dict.fromkeys(("jsonlines", "jsonl", "jl"), ArticleLines)
        unsafe = dict.fromkeys(("csv", "xml", "marshal", "pickle"))  # a cell may be a formula, a pickle a program
        settings.set("FEED_EXPORTERS", unsafe | lines | {"json": ArticleArray} | exporters, "addon")
        storages = settings.getdict("FEED_STORAGES")
        settings.set("FEED_STORAGES", {"": FeedStorage, "file": FeedStorage} | storages, "addon")

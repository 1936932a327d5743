"""Scrapy's fuse box for this project: numbers with their reasons; the add-on does the wiring."""

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.crawl.spiders"]
NEWSPIDER_MODULE = "newscrawl.crawl.spiders"
COMMANDS_MODULE = "newscrawl.crawl.commands"
ADDONS = {"newscrawl.crawl.addon.Newscrawl": 300}

# Who we are and where to complain: set your own contact before a crawl of sites that are not yours.
USER_AGENT = "newscrawl/0.1 (+https://newscrawl.example/bot)"

CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one request at a time at each host …
DOWNLOAD_DELAY = 1.0  # … and a second between them, unless its robots.txt asks for more
DOWNLOAD_DELAY_JITTER = 0.3
RETRY_TIMES = 2
LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "ascii"

"""The project's settings."""

BOT_NAME = "harbour"
SPIDER_MODULES = ["harbour.spiders"]
USER_AGENT = "harbour/1.0 (+https://harbour.example/bot)"

# The one line: rights before and after each fetch, cleaning, the durable archive.
ADDONS = {"newscrawl.crawl.addon.Newscrawl": 300}

# Which fields of our items hold what: they are not called url, title and text.
NEWSCRAWL_FIELDS = {"url": "link", "title": "headline", "text": "body"}

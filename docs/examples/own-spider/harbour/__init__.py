"""A Scrapy project with its own spider and items; newscrawl is one line of its settings."""

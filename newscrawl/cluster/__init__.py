"""One crawl over many machines: whose host it is, when a site is due, who works at what."""

"""A spider like any other: it knows nothing of newscrawl."""

import scrapy

from harbour.items import KINDS


class Kilat(scrapy.Spider):
    """`scrapy crawl kilat -a url=http://kabarkilat.test:8731/ [-a kind=dict|dataclass|attrs|pydantic|item]`."""

    name = "kilat"

    def __init__(self, url, kind="dict", **kwargs):
        super().__init__(**kwargs)
        self.start_urls = [url]
        self.make = KINDS[kind]

    def parse(self, response):
        yield from response.follow_all(css="a.judul", callback=self.parse_story)
        yield from response.follow_all(css="a.lanjut")

    def parse_story(self, response):
        blocks = response.css(".isi-berita p")
        yield self.make(
            link=response.url,
            headline=response.css("h1::text").get(),
            body="\n\n".join(" ".join(one.xpath(".//text()").getall()).strip() for one in blocks),
            section="news",
        )

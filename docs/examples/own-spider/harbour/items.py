"""The same story as each kind of item that Scrapy knows."""

from dataclasses import dataclass

import attrs
import pydantic
import scrapy


@dataclass
class DataclassStory:
    """A story as a dataclass."""

    link: str
    headline: str
    body: str
    section: str | None = None


@attrs.define
class AttrsStory:
    """A story as an attrs class; `rights` and `removals` are filled where an item has them."""

    link: str
    headline: str
    body: str
    section: str | None = None
    rights: dict | None = None
    removals: list | None = None


class PydanticStory(pydantic.BaseModel):
    """A story as a pydantic model."""

    link: str
    headline: str
    body: str
    section: str | None = None
    rights: dict | None = None


class ScrapyStory(scrapy.Item):
    """A story as Scrapy's own Item."""

    link = scrapy.Field()
    headline = scrapy.Field()
    body = scrapy.Field()
    section = scrapy.Field()


KINDS = {
    "dict": dict,
    "dataclass": DataclassStory,
    "attrs": AttrsStory,
    "pydantic": PydanticStory,
    "item": ScrapyStory,
}

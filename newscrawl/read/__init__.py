"""Wing: a page in, facts out. A story as found, or what a listing, a feed or a sitemap points to."""

from __future__ import annotations

from newscrawl.read.address import canonical, registrable, story_key
from newscrawl.read.dates import moment
from newscrawl.read.feeds import feed
from newscrawl.read.leads import Kind, Lead, Listing
from newscrawl.read.listing import listing
from newscrawl.read.sitemaps import sitemap
from newscrawl.read.sniffing import sniff
from newscrawl.read.story import story, story_in, with_lead

__all__ = [
    "Kind",
    "Lead",
    "Listing",
    "canonical",
    "feed",
    "listing",
    "moment",
    "registrable",
    "sitemap",
    "sniff",
    "story",
    "story_in",
    "story_key",
    "with_lead",
]

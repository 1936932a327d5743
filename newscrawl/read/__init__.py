"""Wing: a page in, facts out. A story as found, or what a listing, a feed or a sitemap points to."""

from __future__ import annotations

from newscrawl.read.address import canonical, registrable, story_key
from newscrawl.read.dates import moment
from newscrawl.read.leads import Kind, Lead, Listing
from newscrawl.read.story import story, story_in, with_lead

__all__ = [
    "Kind",
    "Lead",
    "Listing",
    "canonical",
    "moment",
    "registrable",
    "story",
    "story_in",
    "story_key",
    "with_lead",
]

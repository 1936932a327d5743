"""Cuts spam and wrappers out of a story, so that every cut can be put back."""

from newscrawl.clean.memory import SiteMemory
from newscrawl.clean.sanitizer import (
    sanitize_draft,
    sanitize_field,
    sanitize_html,
    sanitize_tags,
    sanitize_text,
)
from newscrawl.clean.spans import Context, restore

__all__ = [
    "Context",
    "SiteMemory",
    "restore",
    "sanitize_draft",
    "sanitize_field",
    "sanitize_html",
    "sanitize_tags",
    "sanitize_text",
]

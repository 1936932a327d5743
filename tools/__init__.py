"""Tools that measure newscrawl: they are no part of the installed package."""

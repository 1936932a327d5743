"""Holds newscrawl against other tools on the demo's pages: what they cut, what they keep, how they end."""

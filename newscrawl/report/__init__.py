"""The report wing: records in, pages to look at out. No page has a script, and all that was crawled is escaped."""

from newscrawl.report.pages import Built, Cluster, build, cluster_page, cuts_page, run_page

__all__ = ["Built", "Cluster", "build", "cluster_page", "cuts_page", "run_page"]

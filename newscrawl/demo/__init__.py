"""The bundled demo: a small web of aggregators on loopback, every page of it written for this project.

`server.DemoServer` serves it, `expected.expected()` says what a lawful crawl must make of each story.
"""

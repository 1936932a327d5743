"""What fuzzing found, each once more."""

import time

import pytest

from tools.fuzz.targets import TARGETS

FOUND = (
    ("feeds", b"<rdf:RDF"),
    ("feeds", b"<a:urlset><a:url><a:loc>http://a.example/</a:loc></a:url></a:urlset>"),
    ("feeds", b"<?xml version='1.0' encoding='y\xff'?>:\n"),
    ("rules", b"rule = 1\n"),
    ("rules", b"rule = [1]\n"),
)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_once_made_the_core_raise_no_longer_does(name: str, data: bytes) -> None:
    TARGETS[name](data)


def _attributes() -> str:
    return "<item " + " ".join(f"a{number}='x'" for number in range(100_000)) + ">"


BIG_FEEDS = {
    "items": "<item>" * 800_000,
    "items with titles": "<item><title>x</title><link>http://a.example/b</link></item>" * 80_000,
    "attributes": _attributes(),
    "open tags": "<a " * 300_000,
    "nested": "<div>" * 200_000,
    "html in it": "<item><description>&lt;p&gt;x&lt;/p&gt;</description></item>" * 40_000,
    "lines before the root": "\n" * 400_000,
    "encodings before the root": "<?xml " + "encoding='a' " * 40_000 + "?>",
    "html in a section": "<item><description><![CDATA[" + "<p><b>x" * 400_000 + "]]></description></item>",
}


@pytest.mark.parametrize("name", BIG_FEEDS)
def test_no_feed_takes_the_feed_library_long(name: str) -> None:
    began = time.process_time()
    octets = BIG_FEEDS[name].encode()[: 5 << 20]
    root = b"<rss version='2.0'><channel>"
    TARGETS["feeds"](octets + root if name.endswith("before the root") else root + octets)
    assert time.process_time() - began < 4

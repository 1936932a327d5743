"""What fuzzing found, each once more."""

import pytest

from tools.fuzz.targets import TARGETS

FOUND = (
    ("feeds", b"<rdf:RDF"),
    ("feeds", b"<a:urlset><a:url><a:loc>http://a.example/</a:loc></a:url></a:urlset>"),
    ("rules", b"rule = 1\n"),
    ("rules", b"rule = [1]\n"),
)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_once_made_the_core_raise_no_longer_does(name: str, data: bytes) -> None:
    TARGETS[name](data)

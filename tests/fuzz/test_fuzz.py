"""No octets make the core raise, and none take it long."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tools.fuzz.targets import TARGETS
from tools.fuzz.words import COMMON, WORDS

LONG = 3.0
"""Seconds of the processor that a few kilobytes may take at most."""


def octets(name: str) -> st.SearchStrategy[bytes]:
    words = st.sampled_from([word.encode("utf-8", "replace") for word in (*WORDS[name], *WORDS[name], *COMMON)])
    made = st.lists(words | st.binary(max_size=6), max_size=40).map(b"".join)
    return st.tuples(st.integers(0, 255), made).map(lambda one: bytes([one[0]]) + one[1]) if name == "html" else made


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_that_comes_over_the_wire_makes_the_core_raise(name: str) -> None:
    target = TARGETS[name]
    target(b"")

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(octets(name))
    @example(b"\x00" * 50)
    @example(b"\xff" * 50)
    def run(data: bytes) -> None:
        began = time.process_time()
        target(data)
        assert time.process_time() - began < LONG

    run()

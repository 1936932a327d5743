"""A body is whole or it is no body: every coding, cut at every place."""

import contextlib
import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.bodies import CODINGS, TooBig, Torn, unpacked

TEXT = ("The harbour master said that the tide would be late. " * 60).encode()
MOST = 5 << 20


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "two gzip members": ("gzip", lambda body: gzip.compress(body[:99]) + gzip.compress(body[99:])),
    "deflate": ("deflate", zlib.compress),
    "deflate without its head": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "two zstd frames": ("zstd", lambda body: zstd.compress(body[:99]) + zstd.compress(body[99:])),
}


@pytest.mark.parametrize("name", PACKERS)
def test_a_whole_stream_is_unpacked(name: str) -> None:
    coding, pack = PACKERS[name]
    assert unpacked(pack(TEXT), (coding,), MOST) == TEXT


@pytest.mark.parametrize("name", PACKERS)
def test_a_stream_that_lacks_anything_at_its_end_is_torn(name: str) -> None:
    coding, pack = PACKERS[name]
    packed = pack(TEXT)
    whole = {gzip.compress(TEXT[:99]), zstd.compress(TEXT[:99])}  # the first of two members, cut at its very end
    for end in range(1, len(packed)):
        if packed[:end] in whole:
            continue
        with pytest.raises(Torn):
            unpacked(packed[:end], (coding,), MOST)


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_put_out(name: str) -> None:
    coding, pack = PACKERS[name]
    with pytest.raises(TooBig):
        unpacked(pack(bytes(MOST + 1)), (coding,), MOST)
    assert len(unpacked(pack(bytes(MOST)), (coding,), MOST)) == MOST


def test_two_codings_come_off_in_their_order() -> None:
    assert unpacked(brotli.compress(gzip.compress(TEXT)), ("gzip", "br"), MOST) == TEXT


@given(st.sampled_from(sorted(CODINGS)), st.binary(max_size=300))
def test_any_octets_are_unpacked_or_refused(coding: str, body: bytes) -> None:
    with contextlib.suppress(Torn, TooBig):
        assert isinstance(unpacked(body, (coding,), 10_000), bytes)

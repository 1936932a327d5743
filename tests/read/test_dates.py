"""Moments as machines and people write them, in many languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl import read

FETCHED = datetime(2026, 5, 4, 20, 0, tzinfo=UTC)
MACHINE = [
    ("2026-05-04T10:30:00+07:00", "2026-05-04T10:30:00+07:00", "second"),
    ("2026-05-04T10:30Z", "2026-05-04T10:30:00+00:00", "minute"),
    ("2026-05-04 10:30:11.532 +0200", "2026-05-04T10:30:11+02:00", "second"),
    ("2026-05-04", "2026-05-04T00:00:00+00:00", "day"),
    ("2026-05", "2026-05-01T00:00:00+00:00", "month"),
    ("20260504", "2026-05-04T00:00:00+00:00", "day"),
    ("20260504T103000Z", "2026-05-04T10:30:00+00:00", "second"),
    ("1777890600", "2026-05-04T10:30:00+00:00", "second"),
    ("1777890600000", "2026-05-04T10:30:00+00:00", "second"),
    ("Mon, 04 May 2026 10:30:00 GMT", "2026-05-04T10:30:00+00:00", "second"),
    ("Mon, 4 May 2026 10:30:00 -0500", "2026-05-04T10:30:00-05:00", "second"),
]
WRITTEN = [
    ("22.04.2026, 06:00 Uhr", "de", "2026-04-22T06:00:00+00:00", "minute"),
    ("Do 23.04.26 | 14:07 Uhr", "de", "2026-04-23T14:07:00+00:00", "minute"),
    ("1. April 2026", "de", "2026-04-01T00:00:00+00:00", "day"),
    ("May 3, 2026 5:40 PM EDT", "en", "2026-05-03T17:40:00-04:00", "minute"),
    ("05/04/2026", "en-US", "2026-05-04T00:00:00+00:00", "day"),
    ("05/04/2026", "en-GB", "2026-04-05T00:00:00+00:00", "day"),
    ("Selasa, 3 Maret 2026 13:45 WIB", "id", "2026-03-03T13:45:00+07:00", "minute"),
    ("2026年1月13日 21時37分", "ja", "2026-01-13T21:37:00+00:00", "minute"),
    ("2026.01.29 18:40", "ko", "2026-01-29T18:40:00+00:00", "minute"),
    ("Thứ tư, 22/04/2026, 19:25 (GMT+7)", "vi", "2026-04-22T19:25:00+07:00", "minute"),
]
RELATIVE = [
    ("13 hours ago", "en", "2026-05-04T07:00:00+00:00", "hour"),
    ("13 hours ago 1", "en", "2026-05-04T07:00:00+00:00", "hour"),
    ("13 jam lalu", "id", "2026-05-04T07:00:00+00:00", "hour"),
    ("5 menit yang lalu", "id", "2026-05-04T19:55:00+00:00", "minute"),
    ("il y a 3 heures", "fr", "2026-05-04T17:00:00+00:00", "hour"),
    ("vor 3 Stunden", "de", "2026-05-04T17:00:00+00:00", "hour"),
    ("hace 2 días", "es", "2026-05-02T20:00:00+00:00", "day"),
    ("3시간 전", "ko", "2026-05-04T17:00:00+00:00", "hour"),
    ("3 小时前", "zh", "2026-05-04T17:00:00+00:00", "hour"),
    ("11 saat önce", "tr", "2026-05-04T09:00:00+00:00", "hour"),
    ("4 часа назад", "ru", "2026-05-04T16:00:00+00:00", "hour"),
    ("13 giờ trước", "vi", "2026-05-04T07:00:00+00:00", "hour"),
]


@pytest.mark.parametrize(("raw", "want", "precision"), MACHINE)
def test_a_machine_date_is_read_to_its_own_precision(raw: str, want: str, precision: str) -> None:
    found = read.moment(raw)
    assert found is not None
    assert (found.at.isoformat(), found.precision, found.raw) == (want, precision, raw)


@pytest.mark.parametrize(("raw", "language", "want", "precision"), WRITTEN)
def test_a_date_as_people_write_it_is_the_same_instant(raw: str, language: str, want: str, precision: str) -> None:
    found = read.moment(raw, fetched=FETCHED, language=language)
    assert found is not None
    assert found.at == datetime.fromisoformat(want)
    assert found.precision == precision


@pytest.mark.parametrize(("raw", "language", "want", "precision"), RELATIVE)
def test_a_relative_time_is_counted_from_the_fetch(raw: str, language: str, want: str, precision: str) -> None:
    found = read.moment(raw, fetched=FETCHED, language=language)
    assert found is not None
    assert (found.at.isoformat(), found.precision) == (want, precision)
    assert read.moment(raw, language=language) is None  # without a clock there is nothing to count from


@pytest.mark.parametrize(
    "raw", ["", "Share", "2026-13-45", "99.99.9999", "Read more", "0000000000", "1 / 3", "a" * 500]
)
def test_what_is_no_date_is_none(raw: str) -> None:
    assert read.moment(raw, fetched=FETCHED, language="en") is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_iso_dates_go_round(at: datetime) -> None:
    at = at.replace(year=1995 + at.year % 90, day=min(at.day, 28))
    found = read.moment(at.isoformat())
    assert found is not None
    assert found.at == at.replace(microsecond=0)


@settings(deadline=None)  # the date library loads a language at its first use
@given(st.text(alphabet="0123456789-/.: TZ+年月日", max_size=40))
def test_digits_in_any_order_never_raise(raw: str) -> None:
    found = read.moment(raw)
    assert found is None or found.at.tzinfo is not None

"""A dateline stays and tells the agency; a copyright line tells its holder."""

import pytest

from newscrawl.clean.standing import dateline, holder


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("Beijing (ANTARA) - Presiden", "Beijing", "ANTARA"),
        ("MEXICO CITY (AP) — The", "MEXICO CITY", "AP"),
        ("Berlin (dpa) - Die", "Berlin", "dpa"),
        ("PARIS (AFP) – Le", "PARIS", "AFP"),
        ("WASHINGTON, Sept. 2 (Reuters) - The", "WASHINGTON, Sept. 2", "Reuters"),
        ("Москва (ТАСС) — Совет", "Москва", "ТАСС"),
        ("Selat Biru (Selat Pos) - Warga", "Selat Biru", "Selat Pos"),
    ],
)
def test_a_dateline_tells_place_and_agency(text: str, place: str, agency: str) -> None:
    found = dateline(text)
    assert found is not None
    assert (found.place, found.agency) == (place, agency)


@pytest.mark.parametrize(
    "text",
    [
        "The minister (on the left) - said",
        "A study of 400 people over nine years by the institute (see below) - found",
        "Rain ended the drought.",
        "(AP) -",
        "",
        "he said (AP) - no",
    ],
)
def test_prose_is_no_dateline(text: str) -> None:
    assert dateline(text) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Copyright © ANTARA 2025", "ANTARA"),
        ("© 2019-2026 The Harbour Ledger. All rights reserved", "The Harbour Ledger"),
        ("(c) 2026 Verlag Nord GmbH | Impressum", "Verlag Nord GmbH"),
        ("© 2026", None),
        ("All rights reserved", None),
        ("ⓒ 한빛일보 2026", "한빛일보"),
    ],
)
def test_a_copyright_line_tells_its_holder(line: str, name: str | None) -> None:
    assert holder(line) == name

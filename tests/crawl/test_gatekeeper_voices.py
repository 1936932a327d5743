"""In whose name a notice speaks: the page's host, the source's, or a source that is known by its name only."""

import pytest

from newscrawl import desk
from newscrawl.model import Decision, Draft, Page, Signal, Story
from newscrawl.rights import Licence, Licences, decide

NOTICE = "No part of this text may be used to train AI."
BODY = f"The bridge is to be rebuilt. {NOTICE}"


def signal(quote: str = NOTICE) -> Signal:
    return Signal(
        protocol="prose",
        where="text",
        quote=quote,
        value="reserved",
        scope=("train", "input"),
        says=Decision.RESERVED,
        host="hub.example",
        machine_readable=False,
    )


def found(source_url: str | None, source_name: str | None, *signals: Signal, host: str = "hub.example") -> desk.Found:
    story = Story(
        url=f"https://{host}/a",
        title="The bridge",
        body=Draft(text=BODY, marks=()),
        source_url=source_url,
        source_name=source_name,
    )
    other, inside = desk._voices(signals or (signal(),), story, host, None)
    return desk.Found(
        url=story.url, site=host, page=Page(url=story.url), signals=(*other, *inside), story=story, inside=inside
    )


@pytest.mark.parametrize(
    ("source_url", "source_name", "host", "speaker"),
    [
        (None, None, "hub.example", "hub.example"),
        ("https://wire.example/a", None, "wire.example", "wire.example"),
        ("https://wire.example/a", "The Wire", "wire.example", "wire.example"),
        ("https://hub.example/b", None, "hub.example", "hub.example"),
        (None, "Harbour Wire", None, "name:harbour wire"),
        (None, "Hub", "hub.example", "hub.example"),
        (None, "The Example Hub", None, "name:the example hub"),
    ],
)
def test_a_notice_in_the_text_speaks_for_the_source(
    source_url: str | None, source_name: str | None, host: str | None, speaker: str
) -> None:
    one = found(source_url, source_name)
    if source_name == "Hub":  # three letters are too few to know a name by
        assert [signal.host for signal in one.signals] == [None]
        return
    assert [signal.host for signal in one.signals] == [host]
    assert [voice for voice, said in desk.speakers(one).items() if said] == [speaker]
    assert "hub.example" in desk.speakers(one)


@pytest.mark.parametrize("name", ["ANTARA", "Kantor Berita ANTARA", "antaranews.com", "Antara News"])
def test_a_site_that_names_itself_is_no_source(name: str) -> None:
    one = found(None, name, signal(), host="www.antaranews.com")
    assert [said.host for said in one.signals] == ["hub.example"]  # as the reader found it: not taken from the page
    assert one.inside


def test_a_notice_outside_the_text_speaks_for_the_page() -> None:
    one = found("https://wire.example/a", None, signal("All use of this site for AI is forbidden."))
    assert [said.host for said in one.signals] == ["hub.example"]
    assert one.inside == ()


def test_no_licence_of_the_aggregator_lifts_what_a_source_without_an_address_says() -> None:
    held = Licences([Licence(host="hub.example", uses=("train", "input"), contract="A-1")])
    assert decide(found(None, None).signals, licences=held).keeps
    assert not decide(found(None, "Harbour Wire").signals, licences=held).keeps
    assert not decide(found("https://wire.example/a", None).signals, licences=held).keeps

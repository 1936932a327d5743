"""No private address is asked, in any notation."""

import ipaddress

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.test import get_crawler

from newscrawl.crawl.guard import Guard, literal, public

PRIVATE = """
http://127.0.0.1/ http://127.1/ http://127.0.1/ http://2130706433/ http://0x7f000001/ http://0x7F.0.0.1/
http://0177.0.0.1/ http://0177.0.0.01/ http://017700000001/ http://0/ http://0.0.0.0/ http://127.0.0.1./
http://localhost/ http://LOCALHOST/ http://localhost./ http://foo.localhost/ http://[::1]/ http://[::]/
http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[0:0:0:0:0:ffff:7f00:0001]/ http://[::ffff:10.0.0.1]/
http://[64:ff9b::7f00:1]/ http://[64:ff9b::a00:1]/ http://[2002:7f00:1::]/ http://[fe80::1]/ http://[fc00::1]/
http://[fd12:3456::1]/ http://[ff02::1]/ http://10.0.0.1/ http://10.255.255.255/ http://172.16.0.1/
http://172.31.255.254/ http://192.168.0.1/ http://169.254.169.254/ http://169.254.169.254/latest/meta-data/
http://100.64.0.1/ http://198.18.0.1/ http://192.0.2.1/ http://224.0.0.1/ http://240.0.0.1/ http://255.255.255.255/
http://１２７.０.０.１/ http://①②⑦.0.0.1/ http://127.0.0.1:8080/ http://user@127.0.0.1/ http://10.1/ http://3232235521/
""".split()
FOREIGN = ["file:///etc/passwd", "ftp://example.org/x", "data:text/html,x", "s3://bucket/x", "gopher://example.org/"]
OPEN = ["http://93.184.215.14/", "https://example.org/a", "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/"]


def guard(**settings: object) -> Guard:
    crawler = get_crawler(Spider, {"TWISTED_REACTOR_ENABLED": True, **settings})
    crawler.stats.open_spider() if hasattr(crawler.stats, "open_spider") else None
    return Guard(crawler)


def test_there_are_at_least_45_notations() -> None:
    assert len(set(PRIVATE)) >= 45


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_address_is_refused_in_every_notation(url: str) -> None:
    assert guard().objection(url) in ("private_address", "credentials_in_url")


@pytest.mark.parametrize("url", FOREIGN)
def test_only_http_and_https_are_asked(url: str) -> None:
    assert guard().objection(url) is not None


@pytest.mark.parametrize("url", OPEN)
def test_a_public_host_is_asked(url: str) -> None:
    assert guard().objection(url) is None


def test_a_host_that_the_operator_names_may_be_private() -> None:
    assert guard(NEWSCRAWL_ALLOW_PRIVATE=["10.0.0.7"]).objection("http://10.0.0.7:81/") is None
    assert guard(NEWSCRAWL_HOSTS={"demo.test": "127.0.0.1"}).objection("http://demo.test/") is None
    assert guard(NEWSCRAWL_ALLOW_PRIVATE=["10.0.0.7"]).objection("http://10.0.0.8/") == "private_address"


def test_a_start_url_that_was_typed_allows_its_own_host_and_port_only() -> None:
    one = guard()
    one.crawler.spider = type("Typed", (), {"typed_urls": ("http://127.0.0.1:8000/",)})()
    assert one.objection("http://127.0.0.1:8000/story") is None
    assert one.objection("http://127.0.0.1:22/") == "private_address"


def test_a_refusal_is_counted_and_names_the_address() -> None:
    one = guard()
    with pytest.raises(IgnoreRequest, match=r"http://127\.1/: refused by the guard: private address"):
        one.process_request(Request("http://127.1/"))
    assert one.crawler.stats.get_value("newscrawl/guard/private_address") == 1


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_wrapped_public_address_is_public(address: str) -> None:
    assert public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["example.org", "dead.beef", "cafe", "a1b2", "", "1.2.3.4.5", "0x", "999.1.1.1.1"])
def test_a_name_is_no_address(host: str) -> None:
    assert literal(host) is None


@pytest.mark.parametrize(
    "host", ["[fec0::1]", "[64:ff9b:1::a00:1]", "[3fff::1]", "[::ffff:0:10.0.0.1]", "192.0.0.8", "168.63.129.16"]
)
def test_an_address_that_only_python_calls_global_is_not_asked(host: str) -> None:
    assert guard().objection(f"http://{host}/") == "private_address"

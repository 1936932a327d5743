"""What is shut: remote control, cookies, forged certificates, forged log lines, paths out of the house."""

import json
import logging
import ssl
import subprocess
import sys
import threading
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import desk, record
from newscrawl.archive import Archive
from newscrawl.crawl.logs import PlainRecord, plain
from newscrawl.crawl.traps import BARREN, Barren, goes_in_circles
from newscrawl.model import Article, Page
from tests.crawl.hostile import Case, Hostile, raw, says, story
from tests.crawl.running import ROOT, crawl, free_port, started, words
from tools.faults.crawl_site import served

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def listening(pid: int) -> list[str]:
    """Sockets of a process that listen, by its /proc."""
    nodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            nodes.add(target[8:-1])
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and columns[9] in nodes:
                found.append(columns[1])
    return found


def test_a_crawl_listens_on_no_port_and_sends_no_cookie(tmp_path: Path) -> None:
    slow = Case("slow", raw(then=3))
    heads: list[str] = []
    with Hostile((slow,)) as hostile:
        hostile.heads = heads.append
        crawling = started(tmp_path, hostile)
        while ("slow.hostile.test", "/2026/05/05/a-bad-story-about-the-harbour.html") not in hostile.web.asked:
            assert crawling.poll() is None
            time.sleep(0.05)
        assert listening(crawling.pid) == []
        assert crawling.wait(60) == 0
    assert not [head for head in heads if "cookie:" in head.lower() or "referer:" in head.lower()]
    assert len(heads) > 5


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    (folder / "key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return folder / "cert", folder / "key"


def test_a_certificate_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    asked: list[str] = []

    class House(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass

    with Quiet(("127.0.0.2", 0), House) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate(tmp_path, "tls.test"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings: dict[str, object] = {"NEWSCRAWL_HOSTS": json.dumps({"tls.test": "127.0.0.2"}), "RETRY_TIMES": 0}
        args = ("aggregator", "-a", f"url=https://tls.test:{server.server_port}/")
        crawl(tmp_path / "strict", *args, settings=settings)
        assert asked == []
        crawl(tmp_path / "lax", *args, settings=settings | {"DOWNLOAD_VERIFY_CERTIFICATES": False})
        server.shutdown()
    assert asked[:1] == ["/robots.txt"], "it was the certificate, nothing else"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["-a", "site=../../etc/x"], "that name is the spider's own"),
        (["-a", "name=../../etc/x"], "that name is the spider's own"),
        (["-a", "typed_urls=http://127.0.0.1/"], "that name is the spider's own"),
        (["-a", "__class__=x"], "that name is the spider's own"),
        (["-a", "day=../../etc/x", "-o", "{folder}/%(day)s.jsonl"], "part of a feed's path"),
        (["-a", "day=/etc/x", "-o", "{folder}/%(day)s.jsonl"], "part of a feed's path"),
        (["-a", "day=a b", "-o", "{folder}/%(day)s.jsonl"], "part of a feed's path"),
        (["-a", "day=" + "x" * 65, "-o", "{folder}/%(day)s.jsonl"], "part of a feed's path"),
        (["-a", "pages=1e9"], "whole number"),
        (["-a", "url=file:///etc/passwd"], "not an http or https address"),
        (["-a", "urls=/dev/null"], "no address to crawl"),
    ],
)
def test_an_argument_that_leads_out_of_the_house_ends_the_crawl_with_78(
    tmp_path: Path, args: list[str], said: str
) -> None:
    given = [arg.replace("{folder}", str(tmp_path)) for arg in args]
    first = [] if any(arg.startswith("url") for arg in args) else ["-a", "url=http://127.0.0.1:9/"]
    ran = crawl(tmp_path, "aggregator", *first, *given)
    assert ran.code == 78, ran.said[-1500:]
    assert said in ran.said
    assert not (tmp_path / "archive").exists()


@given(st.text())
def test_no_log_line_moves_the_cursor_or_turns_the_text(text: str) -> None:
    told = PlainRecord("x", logging.INFO, "x", 1, "a page said %s", (text,), None).getMessage()
    kinds = {unicodedata.category(letter) for letter in told if letter != "\n"}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    assert not [letter for letter in told if unicodedata.bidirectional(letter) in BIDI]
    assert all(line.startswith("    ") for line in told.split("\n")[1:])
    assert plain(told.replace("\n    ", "\n")) == told


def test_a_traceback_is_plain_too() -> None:
    try:
        raise ValueError("\x1b[2J\n2026-01-01 ERROR: forged")
    except ValueError:
        log = PlainRecord("x", logging.ERROR, "x", 1, "failed", (), sys.exc_info())
    told = logging.Formatter("%(asctime)s %(message)s").format(log)
    assert "\x1b" not in told
    assert not [line for line in told.splitlines() if line.startswith("2026-01-01 ERROR")]


@pytest.mark.parametrize("text", ["\ud83d", "a\u2028b\u2029c\u0085d", "&#xD83D;", "\x00\x1b", "NaN"])
def test_a_record_is_one_strict_line_whatever_the_page_holds(text: str) -> None:
    body = story("strict", f"<p>{text} is what the harbour said to us.</p>").encode("utf-8", "surrogatepass")
    made = desk.process(Page(url=f"https://news.example/2026/05/05/{ord(text[0])}-a-b-c", body=body), not_checked=())
    assert isinstance(made, Article)
    line = record.line(record.article_record(made))
    assert line.isascii()
    assert len(line.decode().splitlines()) == 1

    def refuse(name: str) -> None:
        raise AssertionError(name)

    read = json.loads(line, parse_constant=refuse)
    json.dumps(read, ensure_ascii=False).encode("utf-8")  # no lone surrogate


def test_a_page_that_blocks_the_reactor_is_set_aside_and_the_next_run_goes_on(tmp_path: Path) -> None:
    cases = (Case("block", says(story("block", "<p>block the reactor</p>"))),)
    with Hostile(cases) as hostile:
        for number, code in enumerate((75, 0)):
            crawling = started(tmp_path, hostile, "-s", "NEWSCRAWL_WATCHDOG_SECONDS=2", spider="tests.blocking")
            assert crawling.wait(60) == code, (tmp_path / "said").read_text()[-3000:]
            said = (tmp_path / "said").read_text()
            if number == 0:
                assert "the reactor hangs for 2 s over 'http://block.hostile.test" in said
                assert "in blocked" in said, "the traceback names the place"
            else:
                assert "set aside" in said
    with Archive.open(tmp_path / "archive", run="look", clock=time.time) as archive:
        (poison,) = archive.poisoned()
    assert poison.url.startswith("http://block.hostile.test")
    assert poison.reason == "blocked the reactor for 2 s"


def test_a_regular_expression_that_holds_the_lock_does_not_escape_the_watchdog(tmp_path: Path) -> None:
    cases = (Case("regex", says(story("regex", "<p>regex the reactor</p>"))),)
    with Hostile(cases) as hostile:
        crawling = started(tmp_path, hostile, "-s", "NEWSCRAWL_WATCHDOG_SECONDS=2", spider="tests.blocking")
        assert crawling.wait(60) == 75, (tmp_path / "said").read_text()[-3000:]


def test_addresses_that_go_in_circles() -> None:
    assert goes_in_circles("https://news.example/" + "a/b/" * 4)
    assert goes_in_circles("https://news.example/" + "x" * 3000)
    assert goes_in_circles("https://news.example/" + "/".join(map(str, range(40))))
    assert not goes_in_circles("https://news.example/2026/05/05/news/world/asia/a-story.html")


def test_a_pattern_is_left_after_five_barren_pages_and_taken_up_by_a_new_story() -> None:
    barren = Barren()
    pages = [f"https://news.example/agenda/{n}" for n in range(99)]
    assert [barren.seen(url, 0) for url in pages[:BARREN]] == [True] * (BARREN - 1) + [False]
    assert barren.seen(pages[50], 3)
    assert barren.seen(pages[51], 0)


def test_page_31_of_a_listing_is_no_trap(tmp_path: Path) -> None:
    with served(1700) as site:
        crawl_words = ("aggregator", "-a", f"url={site.url}", "-a", "pages=100", "-a", "stories=10")
        ran = crawl(tmp_path, *crawl_words, settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 16})
    assert ran.code == 0, ran.said[-2000:]
    assert ran.run_report()["stats"]["newscrawl/stories/listing/html"] == 34


def test_a_crawl_that_takes_too_much_memory_ends_with_3(tmp_path: Path) -> None:
    with Hostile((Case("slow", raw(then=60)),)) as hostile:
        limits: dict[str, object] = {
            "MEMUSAGE_LIMIT_MB": 50,
            "MEMUSAGE_CHECK_INTERVAL_SECONDS": 0.2,
            "DOWNLOAD_TIMEOUT": 4,
        }
        crawling = started(tmp_path, hostile, settings=limits)
        assert crawling.wait(60) == 3
    assert "memusage_exceeded" in (tmp_path / "said").read_text()


def test_a_crawl_is_not_ended_for_the_memory_of_the_program_that_started_it(tmp_path: Path) -> None:
    limits: dict[str, object] = {"NEWSCRAWL_DEMO_PORT": free_port(), "MEMUSAGE_LIMIT_MB": 600}
    command = words(tmp_path, "demo", settings=limits)
    big = "import subprocess, sys; held = b'x' * (700 << 20); sys.exit(subprocess.run(sys.argv[1:]).returncode)"
    done = subprocess.run([sys.executable, "-c", big, *command], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]

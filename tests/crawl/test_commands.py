"""Scrapy's own commands work as their users expect, and keep no archive."""

import os
import socket
import subprocess
import sys
import time

import pytest

from newscrawl.demo.server import DemoServer
from tests.crawl.running import ROOT, free_port


def scrapy(*args: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *args],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_list_shows_the_generic_spider_the_demo_and_each_site_file() -> None:
    names = scrapy("list").stdout.split()
    assert {"aggregator", "demo"} <= set(names)
    assert {path.stem for path in (ROOT / "newscrawl" / "sites").glob("*.toml")} <= set(names)


def demo_port_is_free() -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", 8731)) != 0


def test_check_proves_the_contract_of_the_demo() -> None:
    for _ in range(60):  # the contract names the demo's usual port, which another test may hold
        if demo_port_is_free():
            break
        time.sleep(0.5)
    done = scrapy("check", "demo")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Ran 1 contract" in done.stderr


@pytest.mark.parametrize("asked", ["print('STATUS', response.status)"])
def test_shell_asks_an_address_that_was_typed_even_on_loopback(asked: str) -> None:
    with DemoServer(port=0) as demo:
        done = scrapy("shell", "-L", "ERROR", f"http://127.0.0.1:{demo.port}/", said=asked)
    assert "STATUS 404" in done.stdout + done.stderr  # the demo knows its hosts by name only
    assert "Traceback" not in done.stdout + done.stderr


def test_parse_shows_what_a_spider_reads() -> None:
    port = free_port()
    done = scrapy(
        "parse", "--spider=demo", "-L", "ERROR", "-s", f"NEWSCRAWL_DEMO_PORT={port}", f"http://kabarkilat.test:{port}/"
    )
    assert f"<GET http://kabarkilat.test:{port}/feed/>" in done.stdout, done.stderr[-2000:]

"""The report is served to this machine only, and only what belongs to it."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from newscrawl.cli.serving import server


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    folder = tmp_path / "report"
    (folder / "stories").mkdir(parents=True)
    (folder / "index.html").write_text("<p>here", "utf-8")
    (folder / ".stamp").write_text("x", "utf-8")
    (tmp_path / "secret").write_text("secret", "utf-8")
    (folder / "link.html").symlink_to(tmp_path / "secret")
    with server(folder, 0) as one:
        serving = threading.Thread(target=one.serve_forever)
        serving.start()
        yield one.server_port
        one.shutdown()
        serving.join()


def ask(port: int, path: str, host: str | None = None, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={"Host": host or f"127.0.0.1:{port}"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, dict(answer.getheaders())


def test_a_page_is_served_with_a_policy(port: int) -> None:
    status, text, headers = ask(port, "/index.html")
    assert (status, text) == (200, "<p>here")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/link.html", "/stories/", "/.stamp", "/nothing.html"]
)
def test_nothing_else_is_served(port: int, path: str) -> None:
    status, text, _ = ask(port, path)
    assert status == 404
    assert "secret" not in text


def test_another_name_for_this_machine_is_refused(port: int) -> None:
    assert ask(port, "/index.html", host="rebound.example")[0] == 421
    assert ask(port, "/index.html", host="localhost")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(port: int, method: str) -> None:
    assert ask(port, "/index.html", method=method)[0] == 501

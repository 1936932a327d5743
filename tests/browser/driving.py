"""Drives Debian's Chromium over its debugging protocol: opens pages, asks them, presses keys, takes pictures."""

import asyncio
import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)  # fmt: skip
PATIENCE = 60


class Browser:
    """One browser with one page. `requests` and `complaints` (console, log, exceptions) are those since `open`."""

    def __init__(self) -> None:
        assert BROWSER is not None
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._loaded = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [BROWSER, *QUIET, f"--user-data-dir={self._profile.name}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        self._loop.run_until_complete(self._connect())
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run_until_complete(self._disconnect())
        self._process.terminate()
        self._process.wait(20)
        self._loop.close()
        self._profile.cleanup()

    async def _connect(self) -> None:
        port_file = Path(self._profile.name) / "DevToolsActivePort"
        until = time.monotonic() + PATIENCE
        while not (port_file.exists() and port_file.read_text().strip()):
            assert time.monotonic() < until, "Chromium did not start"
            await asyncio.sleep(0.05)
        port = port_file.read_text().split()[0]
        self._session = aiohttp.ClientSession()
        async with self._session.get(f"http://127.0.0.1:{port}/json/list") as answer:
            pages = [one for one in await answer.json() if one["type"] == "page"]
        self._socket = await self._session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0)
        self._listening = asyncio.ensure_future(self._listen())

    async def _disconnect(self) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        await self._socket.close()
        await self._session.close()

    async def _listen(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
                continue
            self._heard(told["method"], told["params"])

    def _heard(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            self.complaints.append(json.dumps(params)[:500])

    async def _ask(self, method: str, params: dict[str, Any]) -> Any:
        number = next(self._numbers)
        self._answers[number] = self._loop.create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        return await asyncio.wait_for(self._answers[number], PATIENCE)

    def ask(self, method: str, **params: Any) -> Any:
        """One command of the protocol, and its result."""
        told = self._loop.run_until_complete(self._ask(method, params))
        assert "error" not in told, told
        return told["result"]

    def open(self, address: str) -> None:
        """Goes to an address and waits until it is loaded."""
        self._loaded.clear()
        self.requests.clear()
        self.complaints.clear()
        self.ask("Page.navigate", url=address)
        self._loop.run_until_complete(asyncio.wait_for(self._loaded.wait(), PATIENCE))

    def value(self, expression: str) -> Any:
        """What an expression is in the page."""
        told = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def click(self, selector: str) -> None:
        """Clicks an element; where that leads to another page, waits for it."""
        leads = bool(self.value(f"!!document.querySelector({selector!r}).closest('a[href]:not([href^=\"#\"])')"))
        self._loaded.clear()
        self.value(f"document.querySelector({selector!r}).click()")
        if leads:
            self._loop.run_until_complete(asyncio.wait_for(self._loaded.wait(), PATIENCE))

    def press(self, key: str) -> None:
        """Presses a key."""
        for kind in ("keyDown", "keyUp"):
            self.ask(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode={"Tab": 9}.get(key, 0)
            )

    def look(self, *, width: int = 1200, height: int = 900, dark: bool = False, media: str = "") -> None:
        """Sets the size of the window in CSS pixels, the colour scheme and the medium."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", media=media, features=scheme)

    def picture(self, path: Path) -> None:
        """A picture of what the window shows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))

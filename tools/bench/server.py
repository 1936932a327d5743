"""Serves the made pages on loopback, in a process of its own: `python -m tools.bench.server STORIES SIZE`."""

from __future__ import annotations

import asyncio
import sys

from tools.bench import pages


def answers(stories: int, size: int) -> dict[str, bytes]:
    """Every path with its whole HTTP answer, made beforehand so that serving costs next to nothing."""
    found = {"/robots.txt": _answer("text/plain", "User-agent: *\nAllow: /\n")}
    for number in range(1 + (stories - 1) // pages.PER_LISTING):
        found["/" if number == 0 else f"/page/{number}"] = _answer("text/html", pages.listing(number, stories))
    for number in range(stories):
        found[pages.path(number)] = _answer("text/html", pages.story(number, size))
    return found


def _answer(kind: str, text: str, status: str = "200 OK") -> bytes:
    body = text.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def serve(stories: int, size: int) -> None:
    """Serves until it is stopped; says its port on the first line of standard output."""
    known, missing = answers(stories, size), _answer("text/plain", "no such page", "404 Not Found")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                writer.write(known.get(line.split()[1].decode("ascii", "replace"), missing))
                await writer.drain()
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))

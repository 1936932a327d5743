"""Serves the demo until Ctrl-C: `python -m newscrawl.demo [--port N]`."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading

from newscrawl.demo.server import PORT, DemoError, DemoServer


def main() -> int:
    """Serve, print where, wait for Ctrl-C. Exit code 0, or 1 where the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m newscrawl.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help=f"port on 127.0.0.1, 0 for any (default {PORT})")
    given = parser.parse_args()
    try:
        demo = DemoServer(given.port)
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    with demo, contextlib.suppress(KeyboardInterrupt):
        print(f"demo on 127.0.0.1:{demo.port}, Ctrl-C ends it; hosts by their Host header:")
        print("\n".join(f"  http://{host}:{demo.port}/" for host in demo.hosts))
        print("start at:")
        print("\n".join(f"  {url}" for url in demo.starts), flush=True)
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Pages for the tests of browser activities: each test writes the HTML that it needs."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class Site:
    """A web server on this machine.

    Attributes:
        url: Its address, without a slash at the end.
        asked: The paths that were asked for.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                site.asked.append(self.path)
                status, headers, body = site._answers.get(path, (404, {}, b"nothing here"))
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Tests print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.other_url = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def page(self, html: str, path: str = "/", *, status: int = 200) -> str:
        """Serve a page, and give its address."""
        return self.file(f"<!doctype html><title>Test</title>{html}".encode(), path, status=status)

    def file(self, content: bytes, path: str, *, status: int = 200, **headers: str) -> str:
        """Serve any bytes, with headers whose names have underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers[path] = (status, named, content)
        return self.url + path

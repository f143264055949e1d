"""A small price service, as one of the organisation's own might be: it knows some prices, and now and then it is busy.

    python price_service.py --port 4600

    GET  /prices/A-100   {"sku": "A-100", "price": 12.5}, or 404 for what it does not sell
    GET  /health         {"answered": 17}
    POST /stop           ends it

Every seventh question for a price is answered with 503, so that one sees a retry at work.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRICES = {
    "A-100": 12.5,
    "A-200": 49.0,
    "B-100": 3.2,
    "B-250": 7.95,
    "C-001": 120.0,
    "C-777": 999.0,
    "D-010": 0.45,
    "D-500": 18.75,
}
BUSY_EVERY = 7


class PriceService(ThreadingHTTPServer):
    """The server and what it counts."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Answer)
        self.asked = 0
        self.lock = threading.Lock()

    def is_busy(self) -> bool:
        """Whether this question is one of those that are refused."""
        with self.lock:
            self.asked += 1
            return self.asked % BUSY_EVERY == 0


class Answer(BaseHTTPRequestHandler):
    """Answers one request."""

    server: PriceService
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # Headers and body leave in one packet; two would wait for each other.

    def do_GET(self) -> None:
        sku = self.path.removeprefix("/prices/")
        if self.path == "/health":
            self.answer(200, {"answered": self.server.asked})
        elif self.path == sku:
            self.answer(404, {"message": f"There is nothing at {self.path}."})
        elif self.server.is_busy():
            self.answer(503, {"message": "Busy, ask again."})
        elif sku in PRICES:
            self.answer(200, {"sku": sku, "price": PRICES[sku]})
        else:
            self.answer(404, {"message": f"{sku} is not sold here."})

    def do_POST(self) -> None:
        if self.path != "/stop":
            self.answer(404, {"message": f"There is nothing at {self.path}."})
            return
        self.answer(200, {"answered": self.server.asked})
        threading.Thread(target=self.server.shutdown).start()

    def answer(self, status: int, body: dict[str, object]) -> None:
        """Send the body as JSON."""
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing for each request."""


def serve(port: int) -> int:
    """Answer until it is stopped; gives the number of questions that were asked."""
    with PriceService(port) as service:
        print(f"The price service listens on http://127.0.0.1:{service.server_port}", flush=True)
        service.serve_forever(poll_interval=0.05)
        return service.asked


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=4600)
    with contextlib.suppress(KeyboardInterrupt):
        serve(parser.parse_args().port)

"""Unit tests need nothing: whoever reaches for the network is told."""

from __future__ import annotations

import socket
from typing import NoReturn

import pytest


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: object) -> NoReturn:
        raise AssertionError(f"a unit test connects to {address}: move it to the folder of what it needs")

    monkeypatch.setattr(socket.socket, "connect", refuse)

"""Where the Hub listens: the command-line arguments, and the port itself."""

from __future__ import annotations

import argparse
import errno
import socket
import sys

from exekra.kit.settings import shown
from exekra.sdk.errors import SettingsError

_WAITING_CONNECTIONS = 2048


def add_address_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--host`, `--port` and `--database-url`."""
    parser.add_argument("--host", help="the address to listen on (default: EXEKRA_HOST, otherwise 127.0.0.1)")
    parser.add_argument("--port", type=int, help="the port to listen on (default: EXEKRA_PORT, otherwise 4545)")
    parser.add_argument(
        "--database-url", metavar="URL", help="a PostgreSQL 14 or newer: postgresql://user:password@host:port/database"
    )


def listen(host: str, port: int) -> socket.socket:
    """Open the Hub's port.

    Raises:
        SettingsError: The port is in use or reserved, or the address does not belong to this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol given, because asyncio only sends small answers immediately over sockets declared as TCP.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":
            # A port that a stopped Hub has just released is free; on Windows, this option would share it.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_WAITING_CONNECTIONS)
    except (OSError, TypeError) as error:  # A name that cannot be encoded is a TypeError.
        listening.close()
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise SettingsError(
            f"The Hub cannot listen on {shown(host)} port {port}: {reason.lower()}. {_advice(error)}"
        ) from error
    return listening


def _advice(error: OSError | TypeError) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return "Stop the program that uses it, or choose another port with --port."
    if code in {errno.EACCES, errno.EPERM}:
        return "Choose another port with --port: those below 1024 are for administrators."
    return "EXEKRA_HOST or --host must be an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them."

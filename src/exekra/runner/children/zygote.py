"""The zygote: a process with one thread and all imports done, which forks a ready child in a millisecond or two.

It adopts every process that an execution leaves behind (it is their "subreaper"), so none escapes the Runner. It
ends, and takes all of them with it, when the Runner is gone. Linux only.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import select
import signal
import socket
import sys
from typing import NoReturn

import msgspec

from exekra.kit.processes import adopt_orphans
from exekra.kit.tracebacks import portable_traceback
from exekra.runner.children.abilities import abilities
from exekra.runner.children.channel import Exited, Kind, frame
from exekra.runner.children.child import rehearse, serve
from exekra.runner.host.linux import adopted, end_with_parent
from exekra.runner.host.processes import descendants, end_all

REHEARSALS = 30
"""As many runs make the interpreter specialise the engine's code. Each child would do so for itself, and every page
that it writes to is copied: 1,800 pages without this, 1,500 with it."""


def main() -> None:
    """Serve the Runner at the socket whose descriptor is the only argument.

    A request is one byte with two descriptors: the child's channel and the pipe for its output.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    adopt_orphans()
    try:
        _serve(control)
    except ConnectionError:  # The Runner went away during a message to it.
        _end_all()


def _serve(control: socket.socket) -> NoReturn:
    bell, ring = os.pipe()
    os.set_blocking(bell, False)
    os.set_blocking(ring, False)
    signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    control.sendall(frame(Kind.READY, msgspec.json.encode(abilities())))
    loop = asyncio.new_event_loop()
    for _ in range(REHEARSALS):
        rehearse(loop)
    loop.close()
    gc.collect()
    gc.freeze()
    children: set[int] = set()
    while True:
        readable, _, _ = select.select([control.fileno(), bell], [], [])
        if bell in readable:
            os.read(bell, 4096)
            _reap(control, children)
        if control.fileno() in readable:
            request, descriptors, _, _ = socket.recv_fds(control, 1, 2, socket.MSG_CMSG_CLOEXEC)
            if not request:
                _end_all()
            answer = _fork(descriptors, children, (control.fileno(), bell, ring))
            for descriptor in descriptors:
                os.close(descriptor)
            control.sendall(answer)


def _fork(descriptors: list[int], children: set[int], own: tuple[int, ...]) -> bytes:
    """Fork a child, which never returns from here; returns the message for the Runner."""
    if len(descriptors) < 2:  # The system had no room for them here.
        return frame(Kind.NOT_FORKED, b"%d" % errno.EMFILE)
    zygote = os.getpid()
    try:
        pid = os.fork()
    except OSError as error:
        return frame(Kind.NOT_FORKED, b"%d" % (error.errno or 0))
    if pid == 0:
        _become_child(zygote, descriptors, own)
    children.add(pid)
    return frame(Kind.FORKED, b"%d" % pid)


def _become_child(zygote: int, descriptors: list[int], inherited: tuple[int, ...]) -> NoReturn:
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        end_with_parent(zygote)
        os.setsid()
        for descriptor in inherited:
            os.close(descriptor)
        channel, output = descriptors
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        serve(channel, channel)
    except BaseException as error:
        print(portable_traceback(error), file=sys.stderr, flush=True)
    finally:
        os._exit(1)


def _reap(control: socket.socket, children: set[int]) -> None:
    """Collect processes that ended: children, and processes of theirs that were adopted."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if pid in children:
            children.remove(pid)
            exited = Exited(pid=pid, code=os.waitstatus_to_exitcode(status), left=adopted(children))
            control.sendall(frame(Kind.EXITED, msgspec.json.encode(exited)))


def _end_all() -> NoReturn:
    """End every process below this one, then this one."""
    end_all(lambda: descendants(os.getpid()))
    os._exit(0)


if __name__ == "__main__":
    main()

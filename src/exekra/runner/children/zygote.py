"""The zygote: a process with one thread and all imports done, which forks a ready child in a millisecond or two.

It adopts every process that an execution leaves behind (it is their "subreaper"), so none escapes the Runner. It
ends, and takes all of them with it, when the Runner is gone. Linux only.
"""

from __future__ import annotations

import ctypes
import gc
import os
import select
import signal
import socket
import sys
import traceback
from typing import NoReturn

import msgspec

from exekra.runner.children.abilities import abilities
from exekra.runner.children.channel import Exited, Kind, frame
from exekra.runner.children.child import serve
from exekra.runner.children.tree import descendants, end_all

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Serve the Runner at the socket whose descriptor is the only argument.

    A request is one byte with two descriptors: the child's channel and the pipe for what it prints.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        _serve(control, prctl)
    except ConnectionError:  # The Runner went away while something was told to it.
        _end_all()


def _serve(control: socket.socket, prctl: ctypes._NamedFuncPointer) -> NoReturn:
    bell, ring = os.pipe()
    os.set_blocking(bell, False)
    os.set_blocking(ring, False)
    signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    control.sendall(frame(Kind.READY, msgspec.json.encode(abilities())))
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
            pid = os.fork()
            if pid == 0:
                _become_child(prctl, descriptors, (control.fileno(), bell, ring))
            children.add(pid)
            for descriptor in descriptors:
                os.close(descriptor)
            control.sendall(frame(Kind.FORKED, b"%d" % pid))


def _become_child(prctl: ctypes._NamedFuncPointer, descriptors: list[int], inherited: tuple[int, ...]) -> NoReturn:
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        zygote = os.getppid()
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != zygote:
            os._exit(1)
        os.setsid()
        for descriptor in inherited:
            os.close(descriptor)
        channel, output = descriptors
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        serve(channel, channel)
    except BaseException:
        traceback.print_exc()
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
            exited = Exited(pid=pid, code=os.waitstatus_to_exitcode(status), left=_adopted(children))
            control.sendall(frame(Kind.EXITED, msgspec.json.encode(exited)))


def _adopted(children: set[int]) -> int:
    """How many processes this one adopted."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return len({int(pid) for pid in file.read().split()} - children)
    except FileNotFoundError:  # A kernel built without this list: let the Runner look for itself.
        return 1


def _end_all() -> NoReturn:
    """End every process below this one, then this one."""
    end_all(lambda: descendants(os.getpid()))
    os._exit(0)


if __name__ == "__main__":
    main()

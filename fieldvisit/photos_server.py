"""The process that opens pictures, kept ready: photos_child.py, as many as are needed at a time, so one mostly.

It forks for every picture, and ends when this process does, however that ends: its end of the socket is closed then.
"""

import contextlib
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

LATE_S = 10  # beyond the fork's own limit: only on a machine that stands still
MOST_BYTES = 32 << 20  # no derivative is as large
_idle: list["_Server"] = []
_all: set["_Server"] = set()


class Gone(Exception):
    """The process ended without an answer, or cannot be started."""


def ask(script: Path, data: bytes, *, seconds: float) -> tuple[bytes, int]:
    """What a fork of `script` answers to this file, and its exit code, negative for a signal (SIGALRM after `seconds`).

    Raises Gone where two processes in a row have died over it, TimeoutError, OSError.
    """
    for last in (False, True):
        server = _ready(script)
        try:
            answer = server.ask(data, seconds)
        except BaseException as error:
            server.end()
            if last or not isinstance(error, Gone):
                raise
        else:
            _idle.append(server)
            return answer
    raise AssertionError


def _ready(script: Path) -> "_Server":
    while True:
        try:
            server = _idle.pop()
        except IndexError:
            return _Server(script)
        if server.script == script and server.process.poll() is None:
            return server
        server.end()


class _Server:
    def __init__(self, script: Path):
        self.script = script
        self.line, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-I", str(script)]
            self.process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL, env={})
        _all.add(self)

    def ask(self, data: bytes, seconds: float) -> tuple[bytes, int]:
        until, answer = time.monotonic() + seconds + LATE_S, bytearray()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, _or_gone():
                socket.send_fds(self.line, [struct.pack("!d", seconds)], [theirs.fileno()])
            ours.settimeout(seconds + LATE_S)
            with _or_gone():
                ours.sendall(data)
                ours.shutdown(socket.SHUT_WR)
                while piece := ours.recv(1 << 18):
                    answer += piece
                    if len(answer) > MOST_BYTES:
                        raise Gone
                    ours.settimeout(max(0.01, until - time.monotonic()))
        if len(answer) < 4:
            raise Gone
        (status,) = struct.unpack("!i", answer[-4:])
        return bytes(answer[:-4]), os.waitstatus_to_exitcode(status)

    def end(self) -> None:
        _all.discard(self)
        self.line.close()
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def _or_gone():
    try:
        yield
    except ConnectionError as error:
        raise Gone from error


def _forget() -> None:
    """In a fork of this process: the other end must hear when the first one ends, not both."""
    for server in _all:
        server.line.close()
    _all.clear()
    _idle.clear()


os.register_at_fork(after_in_child=_forget)

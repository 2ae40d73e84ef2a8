"""A line to the server that can be broken at one call and in one way: plain sockets, one thread a connection.

proxy.breaks("events", "reset after commit")    # from now on, until heal()
proxy.holds("patch", "after")                   # kept: `before` it reaches the server, or its answer `after`
proxy.hits                                      # how often it struck
"""

import contextlib
import http.client
import socket
import struct
import threading
import time

CALLS = {
    "hello": ("GET", "/sync/hello"),
    "events": ("POST", "/sync/events"),
    "create": ("POST", "/sync/blobs/"),
    "patch": ("PATCH", "/sync/blobs/"),
    "receipts": ("GET", "/sync/receipts"),
    "pack": ("GET", "/sync/pack"),
}
OURS = {"X-Fieldvisit-API": "1", "Cache-Control": "no-store", "Content-Type": "application/json"}
PORTAL = "<!doctype html><title>Hotel</title><form method=post><input name=room></form>"


def said(code):
    return f'{{"code": "{code}", "message": "a fault"}}'


# what a proxy or server says in its own words: status, headers, body
ANSWERS = {
    "401": (401, OURS, said("sign_in")),
    "403": (403, OURS, said("csrf")),
    "409": (409, OURS, said("tus.offset")),
    "413": (413, {"Content-Type": "text/html"}, "<h1>413 Request Entity Too Large</h1>"),
    "422": (422, OURS, said("event.form")),
    "429": (429, OURS | {"Retry-After": "1"}, said("busy")),
    "500": (500, OURS, said("failed")),
    "502 HTML": (502, {"Content-Type": "text/html"}, "<h1>502 Bad Gateway</h1>"),
    "200 HTML portal": (200, {"Content-Type": "text/html; charset=utf-8"}, PORTAL),
}
# what stands between a phone and a method it does not know
BLOCKS = {
    "405 of a proxy": (405, {"Content-Type": "text/html", "Allow": "GET, POST, HEAD"}, "<h1>405 Not Allowed</h1>"),
    "501 of a proxy": (501, {"Content-Type": "text/html"}, "<h1>501 Not Implemented</h1>"),
}
FAULTS = [
    "refuse", "reset before send", "reset after commit", *ANSWERS, "cut JSON", "1 B/s", "delivered twice",
]  # fmt: skip


class Gone(Exception):
    """The other side has hung up."""


class Proxy:
    def __init__(self, target):
        self.target = target
        self.seen = []
        self.heal()
        self.open = set()
        self.listener = self._listen(0)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def _listen(self, port):
        listener = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                self.open.add(line)
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    # --- faults

    def breaks(self, call, kind, *, only=None):
        """`only(request body)` decides whether this one is struck."""
        self.healed.clear()
        self.hits, self.fault, self.only = 0, (call, kind), only

    def holds(self, call, phase):
        self.breaks(call, f"hold {phase}")
        self.arrived.clear()

    def heal(self):
        self.fault, self.only, self.hits = None, None, 0
        self.arrived = threading.Event()
        self.healed = getattr(self, "healed", None) or threading.Event()
        self.healed.set()
        if getattr(self, "listener", None) and self.listener.fileno() < 0:
            self.listener = self._listen(self.port)

    def close(self):
        self.heal()
        self._hang_up()

    def _hang_up(self):
        """Nobody listens any more, and what was open is reset."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for line in list(self.open):
            reset(line)

    # --- one connection

    def _serve(self, line):
        with contextlib.suppress(OSError, Gone, http.client.HTTPException), line:
            reader = line.makefile("rb")
            while request := read(reader):
                self._answer(line, request)
        self.open.discard(line)

    def _answer(self, line, request):
        method, path, _, body = request
        name = next((n for n, (m, p) in CALLS.items() if m == method and path.split("?")[0].startswith(p)), "")
        struck = self.fault and self.fault[0] == name and (self.only is None or self.only(body))
        self.seen.append((name or path, self.fault[1] if struck else ""))
        if not struck:
            return line.sendall(self._forward(request))
        self.hits += 1
        kind = self.fault[1]
        if kind in ANSWERS or kind in BLOCKS:
            return line.sendall(response(*(ANSWERS | BLOCKS)[kind]))
        return getattr(self, "_" + kind.split()[0].replace("1", "slow"))(line, request, kind)

    def _refuse(self, line, request, kind):
        self._hang_up()
        raise Gone

    def _reset(self, line, request, kind):
        if kind == "reset after commit":
            self._forward(request)
        reset(line)
        raise Gone

    def _cut(self, line, request, kind):
        """Half of the answer, and a Content-Length that says it is whole or one that says it is not."""
        head, _, body = self._forward(request).partition(b"\r\n\r\n")
        half = body[: len(body) // 2]
        if self.hits % 2 == 0:
            head = head.replace(f"Content-Length: {len(body)}".encode(), f"Content-Length: {len(half)}".encode())
        line.sendall(head + b"\r\n\r\n" + half)
        raise Gone

    def _slow(self, line, request, kind):
        """One byte a second until the line is good again."""
        answer = self._forward(request)
        for at in range(len(answer)):
            line.sendall(answer[at : at + 1])
            if self.healed.wait(1):
                return line.sendall(answer[at + 1 :])
        return None

    def _delivered(self, line, request, kind):
        self._forward(request)
        line.sendall(self._forward(request))

    def _hold(self, line, request, kind):
        answer = self._forward(request) if kind == "hold after" else None
        self.arrived.set()
        self.healed.wait(60)
        line.sendall(answer or self._forward(request))

    def _forward(self, request):
        method, path, headers, body = request
        upstream = http.client.HTTPConnection("127.0.0.1", self.target, timeout=60)
        upstream.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for key, value in headers:
            if key.lower() != "connection":
                upstream.putheader(key, value)
        upstream.putheader("Connection", "close")
        upstream.endheaders(body)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in ("connection", "transfer-encoding")]
        if method != "HEAD" and answer.status not in (204, 304):
            kept = [(k, v) for k, v in kept if k.lower() != "content-length"] + [("Content-Length", len(content))]
        return whole(answer.status, answer.reason, kept, content)


def read(reader):
    """(method, path, [(name, value)], body), or None when the browser has hung up."""
    first = reader.readline(65536).decode("latin-1").split()
    if len(first) != 3:
        return None
    headers = []
    while text := reader.readline(65536).strip().decode("latin-1"):
        name, _, value = text.partition(":")
        headers.append((name, value.strip()))
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    body = reader.read(length)
    return (first[0], first[1], headers, body) if len(body) == length else None


def whole(status, reason, headers, body):
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def response(status, headers, text):
    body = text.encode()
    return whole(status, http.client.responses[status], [*headers.items(), ("Content-Length", len(body))], body)


def reset(line):
    """RST, not FIN: what was on its way is lost."""
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RD)
        line.close()


def wait(condition, seconds=15, what=""):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(what or "waited in vain")

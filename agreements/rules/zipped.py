"""A ZIP in one form only: stored, in the order given, no dates, nothing between. So each byte of the file is known
from its names and contents, and none can be altered unseen. `write` streams; `read` refuses any other form.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST = 2**32 - 1
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
# version 2.0, names in UTF-8, stored, 1 January 1980: see APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16
_FORM = struct.pack("<HHHHH", 20, 0x0800, 0, 0, 33)


@dataclass(frozen=True)
class Member:
    name: str
    size: int
    crc: int
    content: Iterable[bytes]


class Altered(ValueError):
    """Not in this form, at byte `at`."""

    def __init__(self, at: int):
        super().__init__(f"byte {at}")
        self.at = at


def member(name: str, content: bytes) -> Member:
    return Member(name, len(content), zlib.crc32(content), [content])


def length(members: Iterable[Member]) -> int:
    """Of the whole file, in bytes."""
    return sum(30 + 46 + 2 * len(m.name.encode()) + m.size for m in members) + 22


def write(members: list[Member]) -> Iterator[bytes]:
    """ValueError where it would be larger than this form can be (4 GiB), or a content is not what was said of it."""
    if length(members) > MOST or len(members) > 65535:
        raise ValueError("too large")
    at, places = 0, []
    for each in members:
        places.append(at)
        yield _local(each)
        size, crc = 0, 0
        for chunk in each.content:
            size, crc = size + len(chunk), zlib.crc32(chunk, crc)
            yield chunk
        if (size, crc) != (each.size, each.crc):
            raise ValueError(each.name)
        at += 30 + len(each.name.encode()) + size
    yield _directory(members, places, at)


def read(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each member. Altered where a byte is not as `write` would have written it."""
    at, members, places = 0, [], []
    while (mark := file.read(4)) == _LOCAL:
        head = file.read(26)
        if len(head) < 26:
            raise Altered(at)
        crc, size, _same, length = struct.unpack("<IIIH", head[10:24])
        raw = file.read(length)
        content = file.read(size)
        try:
            made = Member(raw.decode(), size, crc, ())
        except UnicodeDecodeError:
            raise Altered(at) from None
        if len(content) != size or zlib.crc32(content) != crc or mark + head + raw != _local(made):
            raise Altered(at)
        members.append(made)
        places.append(at)
        at += 30 + length + size
        yield made.name, content
    if mark + file.read() != _directory(members, places, at):
        raise Altered(at)


def _sizes(each: Member) -> bytes:
    return struct.pack("<IIIH", each.crc, each.size, each.size, len(each.name.encode()))


def _local(each: Member) -> bytes:
    return _LOCAL + _FORM + _sizes(each) + struct.pack("<H", 0) + each.name.encode()


def _directory(members, places, at) -> bytes:
    rows = b"".join(
        _CENTRAL + struct.pack("<H", 20) + _FORM + _sizes(each) + struct.pack("<HHHHII", 0, 0, 0, 0, 0, place)
        + each.name.encode() for each, place in zip(members, places, strict=True)
    )  # fmt: skip
    return rows + _END + struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(rows), at, 0)

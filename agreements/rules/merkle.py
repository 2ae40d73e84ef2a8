"""Merkle trees as RFC 9162 (section 2) hashes them: root, proof that a leaf is in, proof that a tree only grew.

Hashes are 32 bytes. A tree is given by the hashes of its leaves, in order.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def grown(peaks: Sequence[bytes], size: int, leaves: Iterable[bytes]) -> tuple[list[bytes], int]:
    """The roots of the complete subtrees of a tree of `size` leaves, largest first, after some more leaves; and its
    new size. So a tree of millions grows without its old leaves being read."""
    peaks = list(peaks)
    for each in leaves:
        at, size = size, size + 1
        while at & 1:
            each, at = node(peaks.pop(), each), at >> 1
        peaks.append(each)
    return peaks, size


def root(peaks: Sequence[bytes]) -> bytes:
    """Of the tree with these complete subtrees."""
    if not peaks:
        return EMPTY
    *rest, made = peaks
    for peak in reversed(rest):
        made = node(peak, made)
    return made


def root_of(leaves: Iterable[bytes]) -> bytes:
    return root(grown([], 0, leaves)[0])


def inclusion(leaves: Sequence[bytes], at: int) -> list[bytes]:
    """The path from leaf `at` to the root, nearest first."""
    if len(leaves) == 1:
        return []
    cut = _cut(len(leaves))
    if at < cut:
        return [*inclusion(leaves[:cut], at), root_of(leaves[cut:])]
    return [*inclusion(leaves[cut:], at - cut), root_of(leaves[:cut])]


def included(leaf_hash: bytes, at: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= at < size:
        return False
    last, made = size - 1, leaf_hash
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            made = node(step, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = node(made, step)
        at, last = at >> 1, last >> 1
    return last == 0 and made == root


def consistency(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """Why the tree of the first `earlier` leaves (one at least) is the beginning of this one."""
    return _consistency(leaves, earlier, True)


def _consistency(leaves, earlier, whole):
    if earlier == len(leaves):
        return [] if whole else [root_of(leaves)]
    cut = _cut(len(leaves))
    if earlier <= cut:
        return [*_consistency(leaves[:cut], earlier, whole), root_of(leaves[cut:])]
    return [*_consistency(leaves[cut:], earlier - cut, False), root_of(leaves[:cut])]


def consistent(earlier: int, earlier_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not path and earlier_root == root
    path = list(path) if earlier & (earlier - 1) else [earlier_root, *path]
    at, last = earlier - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not path:
        return False
    before = after = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node(step, before), node(step, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node(after, step)
        at, last = at >> 1, last >> 1
    return last == 0 and before == earlier_root and after == root


def _cut(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1

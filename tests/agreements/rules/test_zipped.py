"""One form of ZIP: any reader opens it, and no byte of it can be altered."""

import io
import zipfile

import pytest

from agreements.rules import zipped

MEMBERS = [zipped.member("a.txt", b"one"), zipped.member("Mappe/中文.json", b"{}" * 20), zipped.member("empty", b"")]
FILE = b"".join(zipped.write(MEMBERS))


def test_any_reader_opens_it():
    with zipfile.ZipFile(io.BytesIO(FILE)) as found:
        assert found.testzip() is None
        assert found.namelist() == ["a.txt", "Mappe/中文.json", "empty"]
        assert found.read("a.txt") == b"one"
    assert len(FILE) == zipped.length(MEMBERS)
    assert [(name, len(content)) for name, content in zipped.read(io.BytesIO(FILE))] == [
        ("a.txt", 3), ("Mappe/中文.json", 40), ("empty", 0)]  # fmt: skip


def test_no_byte_can_be_altered_added_or_taken_away():
    for at in range(len(FILE)):
        for altered in (FILE[:at] + bytes([FILE[at] ^ 1]) + FILE[at + 1 :], FILE[:at] + FILE[at + 1 :],
                        FILE[:at] + b"\0" + FILE[at:]):  # fmt: skip
            with pytest.raises(zipped.Altered):
                list(zipped.read(io.BytesIO(altered)))
    with pytest.raises(zipped.Altered):
        list(zipped.read(io.BytesIO(FILE + b"\n")))


def test_a_content_that_is_not_what_was_said_of_it_is_refused():
    with pytest.raises(ValueError, match="a"):
        list(zipped.write([zipped.Member("a", 3, 0, [b"abc"])]))

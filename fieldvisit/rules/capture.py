"""How photos and sound are taken and kept: capture.toml, and what files are by their first bytes."""

import tomllib
from functools import cache
from pathlib import Path

# What a recording may be, by its first bytes.
KINDS = {"audio/webm": ".webm", "audio/ogg": ".ogg", "audio/mp4": ".m4a"}


@cache
def policy() -> dict:
    """{"phone", "office", "rules": {id: {"basis", "title", "citation", …}}}"""
    return tomllib.loads(Path(__file__).with_name("capture.toml").read_text(encoding="utf-8"))


def sound_kind(head: bytes) -> str:
    """ "audio/webm", "audio/ogg", "audio/mp4", or "" for anything else. 12 bytes are enough."""
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "audio/webm"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    return "audio/mp4" if head[4:8] == b"ftyp" else ""


def picture_suffix(head: bytes) -> str:
    """"The end of a file name: .jpg, .png, .webp, .heic, or .bin for anything else. 12 bytes are enough."""
    if head.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if head[:4] + head[8:12] == b"RIFFWEBP":
        return ".webp"
    return ".heic" if head[4:8] == b"ftyp" else ".bin"

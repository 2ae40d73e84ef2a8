"""/sync/blobs/: tus 1.0.0 with creation, creation-with-upload and checksum: an unmodified tus client can upload."""

import base64
import binascii
import re
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from fieldvisit import blobs, devices
from fieldvisit.problems import Refused

from .api import api

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
HEX = re.compile(r"[0-9a-f]{64}")


def tus(view):
    """The protocol's mark on every answer, refusals too; and which version there is, for whoever asked for another."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        if response.status_code == 412:
            response["Tus-Version"] = VERSION
        return response

    return answer


@tus
@api("POST", "OPTIONS")
def create(request: HttpRequest) -> HttpResponse:
    """POST: begin, with the first piece or without, or hear how far it has come. OPTIONS: what is possible."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Tus-Version"], response["Tus-Extension"] = VERSION, "creation,creation-with-upload,checksum"
        response["Tus-Checksum-Algorithm"], response["Tus-Max-Size"] = "sha256", str(blobs.MOST_MB * 1024 * 1024)
        return response
    _version(request)
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    if not HEX.fullmatch(said.get("sha256", "")) or not HEX.fullmatch(said.get("sent_sha256", "")):
        raise Refused("tus.metadata")
    blob = blobs.begin(
        device=devices.find(request.headers.get("X-Device")),
        sent_sha256=said["sent_sha256"],
        sha256=said["sha256"],
        event_id=_uuid(said.get("event")),
        length=_number(request, "Upload-Length"),
        now=timezone.now(),
    )
    at = blobs.offset(blob, now=timezone.now())
    if not at and request.content_type == PIECE:
        at = _write(request, blob, 0)
    response = HttpResponse(status=201)
    response["Location"], response["Upload-Offset"] = reverse("blob", args=[blob.sent_sha256]), str(at)
    return response


@tus
@api("HEAD", "PATCH", "POST")
def upload(request: HttpRequest, sent_sha256: str) -> HttpResponse:
    """HEAD: how far. PATCH (or POST that says so, for webviews that block it): one more piece."""
    _version(request)
    method = request.method
    if method == "POST":
        method = request.headers.get("X-HTTP-Method-Override", "")
    blob = blobs.find(device=devices.find(request.headers.get("X-Device")), sent_sha256=sent_sha256)
    if method == "HEAD":
        response = HttpResponse()
        response["Upload-Length"] = str(blob.length)
        response["Upload-Offset"] = str(blobs.offset(blob, now=timezone.now()))
        return response
    if method != "PATCH":
        raise Refused("not_found")
    if request.content_type != PIECE:
        raise Refused("tus.type")
    at = _write(request, blob, _number(request, "Upload-Offset"))
    return HttpResponse(status=204, headers={"Upload-Offset": str(at)})


def _write(request: HttpRequest, blob: blobs.Blob, at: int) -> int:
    """→ the new offset"""
    chunked = request.headers.get("Transfer-Encoding", "").lower() == "chunked"
    return blobs.write(
        blob=blob,
        at=at,
        read=_reader(request, chunked),
        announced=None if chunked else _number(request, "Content-Length"),
        checksum=_checksum(request.headers.get("Upload-Checksum")),
        now=timezone.now(),
    )


def _reader(request: HttpRequest, chunked: bool):
    """Reads on as it comes; a connection that is cut is a plain end. Django itself reads no chunked body."""
    source = request.environ["wsgi.input"] if chunked else request

    def read(most: int) -> bytes:
        try:
            return source.read(most)
        except OSError:
            return b""

    return read


def _version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Refused("tus.version")


def _number(request: HttpRequest, header: str) -> int:
    value = request.headers.get(header, "")
    if not value.isdecimal() or not value.isascii() or len(value) > 15:
        raise Refused("tus.length")
    return int(value)


def _metadata(header: str) -> dict[str, str]:
    """ "name base64,name base64" → {name: text}"""
    said = {}
    for pair in filter(None, (each.strip() for each in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            said[name] = base64.b64decode(value, validate=True).decode()
        except ValueError:
            raise Refused("tus.metadata") from None
    return said


def _checksum(header: str | None) -> bytes | None:
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    if algorithm != "sha256":
        raise Refused("tus.algorithm")
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise Refused("tus.checksum") from None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refused("tus.metadata") from None

"""The sound of a visit, to people of the office who may see it; and the file of a separate recorder."""

import re

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fieldvisit import access, answers, forms, readings, recorders, store


@require_GET
@access.role_required(*access.OFFICE)
def show(request: HttpRequest, recording_id: int) -> HttpResponse:
    """One segment as the microphone gave it, whole or the part that a player asks for."""
    recording = get_object_or_404(access.recordings(request.user), pk=recording_id)
    readings.note([recording.visit.case_id], by=request.user, what="sound", now=timezone.now())
    path = store.path(recording.sound.name) if recording.sound else None
    if path is None or not path.is_file():
        raise Http404
    sound = path.read_bytes()  # at most what one upload takes, 20 MB
    start, end = _range(request.headers.get("Range", ""), len(sound))
    if start is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(sound)}"})
    part = end - start < len(sound)
    response = HttpResponse(sound[start:end], status=206 if part else 200, content_type=recording.mime)
    if part:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{len(sound)}"
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store"
    return response


def _range(asked: str, size: int) -> tuple[int | None, int]:
    """(start, end) of the one range asked for; the whole where none is; (None, 0) where it lies outside."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", asked, re.ASCII)
    if not found or found.groups() == ("", ""):
        return 0, size
    first, last = found.groups()
    start = max(size - int(last), 0) if not first else int(first)
    end = size if not first or not last else min(int(last) + 1, size)
    return (start, end) if start < end else (None, 0)


@require_POST
@access.role_required(*access.OFFICE)
def add_file(request: HttpRequest, recorder_id: int) -> HttpResponse:
    """The recorder's file or its SHA-256, and back to the visit."""
    recorder = get_object_or_404(access.recorders(request.user).select_related("visit__case"), pk=recorder_id)
    form = forms.RecorderFile(request.POST, request.FILES)
    given = form.cleaned_data if form.is_valid() else {"file": None, "sha256": "?"}
    with answers.said(request, _("The recorder's file is in the record.")):
        recorders.add_file(recorder=recorder, by=request.user, now=timezone.now(), **given)
    return redirect("review", recorder.visit_id)


@require_GET
@access.role_required(*access.OFFICE)
def file(request: HttpRequest, file_id: int) -> FileResponse:
    """What was uploaded, as a download only."""
    row = get_object_or_404(access.recorder_files(request.user), pk=file_id)
    readings.note([row.recorder.visit.case_id], by=request.user, what="sound", now=timezone.now())
    path = store.path(row.kept.name) if row.kept else None
    if path is None or not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=row.name or row.sha256, content_type="application/octet-stream"
    )

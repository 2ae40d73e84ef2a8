"""The bytes of a photo, to people of the office who may see its visit."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from fieldvisit import access, readings
from fieldvisit.rules import capture


@require_GET
@access.role_required(*access.OFFICE)
def show(request: HttpRequest, photo_id: int, version: str) -> FileResponse:
    """derivative: the re-encoded picture, shown in the page. original: the phone's own bytes, as a download only."""
    photo = get_object_or_404(access.photos(request.user), pk=photo_id)
    readings.note([photo.visit.case_id], by=request.user, what="photo", now=timezone.now())
    original = version == "original"
    file = photo.original if original else photo.derivative
    if not file:
        raise Http404
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    suffix = capture.picture_suffix(opened.read(12))
    opened.seek(0)
    response = FileResponse(
        opened,
        as_attachment=original,
        filename=photo.sha256 + suffix,
        content_type="application/octet-stream" if original else "image/jpeg",
    )
    response["Cache-Control"] = "private, max-age=600"
    return response

"""What the phone starts from without a signal: shell, worker and manifest. No session, no cookie, no redirect."""

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from fieldvisit import access
from fieldvisit import worker as worker_file

# Nothing is posted from the shell: a form there would put what was typed into an address.
POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:", "connect-src 'self'",
    "font-src 'self'", "manifest-src 'self'", "worker-src 'self'", "media-src 'self' blob:", "form-action 'none'",
    "base-uri 'none'", "frame-ancestors 'none'",
))  # fmt: skip


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The same bytes for everybody: rendered without the request, so nothing of it can get in."""
    response = HttpResponse(render_to_string("field.html"))
    response["Content-Security-Policy"] = POLICY
    response["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=(self)"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def other(request: HttpRequest, path: str = "") -> HttpResponse:
    """Pages the phone makes by itself (outbox, me), and addresses that are none: never the shell inside the shell."""
    if not request.headers.get("HX-Request"):
        return shell(request)
    return access.refusal(404, "not_found")


@require_safe
def worker(request: HttpRequest) -> FileResponse:
    """The worker that was built, or while it is stopped the one that takes itself away."""
    response = FileResponse(worker_file.script().open("rb"), content_type="text/javascript; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    icons = [
        {"src": f"/static/icons/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)
    ]
    icons.append(icons[1] | {"src": "/static/icons/icon-maskable-512.png", "purpose": "maskable"})
    said = {
        "id": "/m/",
        "name": "外访 Field visits",
        "short_name": "外访",
        "lang": "zh-Hans",
        "start_url": "/m/today",
        "scope": "/m/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f7f4ec",
        "theme_color": "#efeade",
        "icons": icons,
    }
    response = JsonResponse(said, json_dumps_params={"ensure_ascii": False}, content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response

"""/sync/: hello, session, devices, events, receipts. Uploads are in views/blobs.py, the pack in views/packs.py."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_variables

from fieldvisit import access, devices, enrolment, fleet, intake, keys, people, receipts, unlock, wire
from fieldvisit.models import Role
from fieldvisit.problems import Refused
from fieldvisit.templatetags import assets

from .api import api, read_json, text

DEMO_LASTS = timedelta(minutes=10)


@api("GET", session=False)
def hello(request: HttpRequest) -> HttpResponse:
    """What the phone asks first and whenever in doubt: fresh token, time, keys, flags. Opens nothing.

    X-Device names the phone, X-Unsent says what lies on it unsent and how old its pack is (devices.read_report),
    X-Build which build it runs.
    """
    now = timezone.now()
    user = request.user if access.signed_in(request.user) else None
    device_id, report = request.headers.get("X-Device", ""), request.headers.get("X-Unsent", "")
    if user:
        device = devices.seen(user=user, device_id=device_id, report=report, now=now)
    else:
        device = devices.of_gone(device_id=device_id, now=now)
    if user and device:
        fleet.runs(device["id"], request.headers.get("X-Build", ""))
    ordered = device.pop("flags") if device else {"lock": False, "wipe": False}
    return JsonResponse(
        {
            "v": 1,
            "api": 1,
            "user": _person(user) | {"language": user.language} if user else None,
            "csrf": get_token(request),
            "now": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "build": _build(),
            "minimum_build": settings.MINIMUM_BUILD,
            "envelope": _public(keys.envelope_public()),
            "signing": _public(keys.signing_public()),
            "device": device,
            "flags": {"sign_in": user is None, "pause": False} | ordered,
            "demo": [_person(each) for each in people.demo_people()],
        }
    )


@api("POST", "DELETE", session=False)
@sensitive_variables()
def session(request: HttpRequest) -> HttpResponse:
    if request.method == "DELETE":
        logout(request)
        return JsonResponse({"v": 1})
    said = read_json(request)
    user = people.sign_in(
        request, username=text(said, "username"), password=text(said, "password", 4096), code=text(said, "code", 32)
    )
    return JsonResponse({"v": 1, "user": _person(user) | {"language": user.language}})


@api("POST", session=False)
def demo_code(request: HttpRequest) -> HttpResponse:
    """One tap in the demo: the password and a code that is still unused. 404 anywhere else."""
    username = text(read_json(request), "username")
    user = next((each for each in people.demo_people() if each.username == username), None)
    if user is None:
        raise Refused("not_found")
    return JsonResponse({"v": 1, "password": people.DEMO_PASSWORD, "code": people.demo_code(user)})


@api("POST")
def demo_enrolment(request: HttpRequest) -> HttpResponse:
    """One tap in the demo: a code for this collector's phone, as his supervisor would issue it. 404 anywhere else."""
    if request.user not in people.demo_people() or request.user.role != Role.COLLECTOR:
        raise Refused("not_found")
    by = next(each for each in people.demo_people() if access.collectors(each).filter(pk=request.user.pk).exists())
    _, code = enrolment.issue(user=request.user, by=by, now=timezone.now(), lasts=DEMO_LASTS)
    return JsonResponse({"v": 1, "code": code})


@api("GET", "POST", "DELETE")
def register(request: HttpRequest) -> HttpResponse:
    """GET: what the owner of a private phone declares, in both languages.

    POST: whose key signs the events of this phone; a new one with {"code", "owner", "consent", "keeps", "passkey"}.
    With {"unlock": true} its new token too, told this once.
    DELETE: the phone that X-Device names has forgotten its token; the server does the same.
    """
    if request.method == "GET":
        said = enrolment.private_phone()
        return JsonResponse({"v": 1, "consent": {"version": said["version"], "text": said["text"]}})
    if request.method == "DELETE":
        device = devices.find(request.headers.get("X-Device"))
        if device.user_id != request.user.pk:
            raise Refused("not_found")
        unlock.revoke(device)
        return JsonResponse({"v": 1})
    said, now = read_json(request), timezone.now()
    try:
        device_id = UUID(text(said, "device_id", 36))
    except ValueError:
        raise Refused("device.form") from None
    more = {name: text(said, name, 32) for name in ("code", "owner", "consent", "keeps") if name in said}
    device = enrolment.register(
        user=request.user,
        device_id=device_id,
        public_key=text(said, "public_key"),
        label=text(said, "label", 80),
        language=get_language(),
        passkey=said.get("passkey") if isinstance(said.get("passkey"), bool) else None,
        now=now,
        **more,
    )
    answer = {"v": 1, "device_id": str(device.pk)}
    if said.get("unlock") is True:
        answer["unlock"] = unlock.issue(device=device, session=request.session, now=now)
    return JsonResponse(answer)


@api("POST")
def events(request: HttpRequest) -> HttpResponse:
    """At most 50 events; 200 with one verdict per event in the order of the request, as the stored bytes."""
    said = read_json(request, intake.MOST_BYTES)
    items = said.get("events")
    if said.get("v") != 1 or not isinstance(items, list):
        raise Refused("request.json")
    if len(items) > intake.MOST_EVENTS:
        raise Refused("request.too_big")
    device = devices.find(said.get("device_id"))
    answer = intake.ingest_batch(items, actor=request.user, device=device, now=timezone.now())
    return _joined(b"verdicts", answer.verdicts, b',"repeats":' + wire.canonical(answer.repeats))


@api("GET")
def receipt_list(request: HttpRequest) -> HttpResponse:
    """?since=N: receipts of the user's own phone after its counter N, new revisions among them."""
    device = devices.find(request.headers.get("X-Device"))
    since = request.GET.get("since", "0")
    if device.user_id != request.user.pk or not since.isdecimal() or len(since) > 18:
        raise Refused("not_found")
    bodies, last = receipts.since(device, int(since))
    return _joined(b"receipts", bodies, b',"next":%d' % last)


def _joined(name: bytes, bodies: list[bytes], rest: bytes) -> HttpResponse:
    body = b'{"v":1,"' + name + b'":[' + b",".join(bodies) + b"]" + rest + b"}"
    return HttpResponse(body, content_type="application/json")


def _person(user) -> dict:
    return {"username": user.username, "name": user.name, "role": user.role}


def _public(pair: tuple[str, bytes]) -> dict:
    return {"key_id": pair[0], "public_key": wire.b64url(pair[1])}


def _build() -> str:
    try:
        return assets.build()
    except assets.AssetMissing:
        return ""  # a server without a front end: sync works all the same

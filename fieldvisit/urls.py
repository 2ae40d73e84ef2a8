"""Every address of the field, sync and office pages. Each needs a line in tests/test_policy.py."""

from django.urls import path

from .views import (
    assignments,
    blobs,
    cases,
    cases_office,
    devices,
    held,
    packs,
    people,
    pictures,
    recordings,
    reviews,
    shell,
    sync,
    today,
    visits,
)

urlpatterns = [
    # --- people: signing in and out
    path("", people.home, name="home"),
    path("sign-in/", people.sign_in, name="sign-in"),
    path("sign-out/", people.sign_out, name="sign-out"),
    path("language/", people.language, name="language"),
    # --- sync
    path("sync/hello", sync.hello, name="sync-hello"),
    path("sync/session", sync.session, name="sync-session"),
    path("sync/demo-code", sync.demo_code, name="sync-demo-code"),
    path("sync/demo-enrolment", sync.demo_enrolment, name="sync-demo-enrolment"),
    path("sync/devices", sync.register, name="sync-devices"),
    path("sync/events", sync.events, name="sync-events"),
    path("sync/receipts", sync.receipt_list, name="sync-receipts"),
    path("sync/blobs/", blobs.create, name="blobs"),
    path("sync/blobs/<str:sent_sha256>", blobs.upload, name="blob"),
    # --- field: shell, worker, fragments
    path("m/today", today.today, name="today"),
    path("m/cases", cases.cases, name="my-cases"),
    path("m/cases/<str:ref>", cases.case, name="my-case"),
    path("m/visits/<uuid:visit_id>/<slug:step>", visits.step, name="visit-step"),
    path("sync/pack", packs.pack, name="pack"),
    path("m/sw.js", shell.worker, name="worker"),
    path("m/manifest.webmanifest", shell.manifest, name="manifest"),
    # --- office
    path("office/", reviews.index, name="reviews"),
    path("office/visits/<uuid:visit_id>/", reviews.show, name="review"),
    path("office/visits/<uuid:visit_id>/decisions/", reviews.decide, name="decisions"),
    path("office/assignments/", assignments.create, name="assignments"),
    path("office/cases/", cases_office.index, name="cases"),
    path("office/cases/<str:ref>/", cases_office.show, name="case"),
    path("office/held/", held.index, name="held"),
    path("office/held/<slug:kind>/<str:pk>/decision/", held.decide, name="held-decision"),
    path("office/devices/", devices.index, name="devices"),
    path("office/devices/codes/", devices.issue, name="enrolment-codes"),
    path("office/devices/codes/<int:pk>/revocation/", devices.revoke, name="enrolment-code-revocation"),
    path("office/devices/<uuid:device_id>/orders/", devices.order, name="device-orders"),
    path("office/photos/<int:photo_id>/original", pictures.show, {"version": "original"}, name="photo-original"),
    path("office/photos/<int:photo_id>/derivative", pictures.show, {"version": "derivative"}, name="photo"),
    path("office/recordings/<int:recording_id>", recordings.show, name="recording"),
    path("office/recorders/<int:recorder_id>/files/", recordings.add_file, name="recorder-files"),
    path("office/recorder-files/<int:file_id>", recordings.file, name="recorder-file"),
    # --- field: what is no fragment; last, so that fragments come first
    path("m/", shell.other, name="shell"),
    path("m/<path:path>", shell.other, name="shell-other"),
]

"""Who gets what at every address: each route has a line here, or the build fails.

A line gives, for each method, the status for these eight, with the real ids of Dora's case, which is Ana's:
"""

import json
import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agreements import checkpoints, clause_sets, payments, proposals
from agreements.models import Agreement, Checkpoint, Clearance, Concern, OfferPolicy, Void
from fieldvisit import creditors, enrolment, intake, letters, people, recorders, rule_changes
from fieldvisit.models import (
    CreditorChange,
    HelpCall,
    Hold,
    Permission,
    Photo,
    Recorder,
    Recording,
    Role,
    RuleChange,
    Security,
    User,
)
from fieldvisit.models.imports import ImportJob, ImportRun
from fieldvisit.models.lesson import Lesson
from tests.agreements.conftest import agreed, deliver, offer, phone, policy, tell  # noqa: F401  fixtures
from tests.cast import NOW, PASSWORD
from tests.phone import SAME_ORIGIN

WHO = ["stranger", "half", "ana", "xu", "chen", "wang", "olga", "mia"]
# stranger: no session · half: password without the code · ana: her case · xu: another collector
# chen: her supervisor · wang: supervisor of another team · olga: reviewer · mia: administrator

ALL = "200 200 200 200 200 200 200 200"
CLOSED = "302 302 302 302 302 302 302 302"
TO_SIGN_IN = "302 302"
FIELD = "401 401 200 200 403 403 403 403"
FIELD_ONE = "401 401 200 404 403 403 403 403"
OFFICE = f"{TO_SIGN_IN} 403 403 200 200 200 200"
OFFICE_ONE = f"{TO_SIGN_IN} 403 403 200 404 200 200"
CHANGES = f"{TO_SIGN_IN} 403 403 422 422 403 422"
CHANGES_GET = f"{TO_SIGN_IN} 403 403 200 200 403 200"
ADMIN = f"{TO_SIGN_IN} 403 403 403 403 403 200"
ADMIN_FORM = f"{TO_SIGN_IN} 403 403 403 403 403 422"
SYNC_READ = "401 401 200 200 200 200 200 200"

POLICY = {
    "home": {"GET": "302 302 302 302 302 302 302 302"},
    "sign-in": {"GET": "200 200 302 302 302 302 302 302", "POST": "422 422 422 422 422 422 422 422"},
    "sign-out": {"POST": "302 302 302 302 302 302 302 302"},
    "language": {"POST": "302 302 302 302 302 302 302 302"},
    "sessions": {"GET": f"{TO_SIGN_IN} 200 200 200 200 200 200", "POST": f"{TO_SIGN_IN} 302 302 302 302 302 302"},
    "confirm": {"POST": f"{TO_SIGN_IN} 403 403 422 422 422 422"},
    # whoever holds the link, once; nobody else
    "set-up": {"GET": "410 410 410 410 410 410 410 410", "POST": "410 410 410 410 410 410 410 410"},
    "people": {"GET": ADMIN},
    "person-new": {"GET": ADMIN, "POST": ADMIN_FORM},
    "person": {"GET": ADMIN, "POST": ADMIN_FORM},
    "person-orders": {"POST": ADMIN_FORM},
    "people-group": {"POST": f"{TO_SIGN_IN} 403 403 403 403 403 302"},
    # the shell and what it is made of: the same for everybody
    "shell": {"GET": ALL},
    "shell-other": {"GET": ALL},
    "worker": {"GET": ALL},
    "manifest": {"GET": ALL},
    # fragments
    "today": {"HX": FIELD, "GET": ALL},
    "companion": {"HX": FIELD, "GET": ALL},
    "my-cases": {"HX": FIELD, "GET": ALL},
    "cards": {"HX": FIELD, "GET": ALL},
    "my-case": {"HX": FIELD_ONE, "GET": ALL},
    "visit-step": {"HX": FIELD_ONE, "GET": ALL},
    # sync
    "callers": {"GET": ALL},
    "caller": {"GET": ALL},
    "sync-hello": {"GET": ALL},
    "sync-session": {"POST": "401 401 401 401 401 401 401 401", "DELETE": ALL},
    "sync-demo-code": {"POST": "200 200 200 200 200 200 200 200"},
    "sync-demo-enrolment": {"POST": "401 401 200 200 404 404 404 404"},
    "sync-devices": {
        "GET": SYNC_READ,
        "POST": "401 401 200 409 409 409 409 409",
        "DELETE": "401 401 200 404 404 404 404 404",
    },
    # anybody who is signed in may carry another's sealed work, and read none of it
    "sync-events": {"POST": "401 401 200 200 200 200 200 200"},
    "sync-receipts": {"GET": "401 401 200 404 404 404 404 404"},
    "blobs": {"POST": "401 401 201 201 201 201 201 201"},
    "blob": {"HEAD": "401 401 404 404 404 404 404 404", "PATCH": "401 401 404 404 404 404 404 404"},
    "pack": {"GET": "401 401 200 200 403 403 403 403"},
    "sync-cases": {"GET": "401 401 200 200 403 403 403 403"},
    # office
    "case-letters": {"POST": f"{TO_SIGN_IN} 403 403 422 404 422 422"},
    "words": {"GET": OFFICE},
    "securities": {"GET": OFFICE},
    "case-securities": {"GET": OFFICE_ONE, "POST": f"{TO_SIGN_IN} 403 403 422 404 422 422"},
    "security": {"GET": OFFICE_ONE, "POST": f"{TO_SIGN_IN} 403 403 422 404 422 422"},
    "court-handover": {"POST": f"{TO_SIGN_IN} 403 403 422 404 422 422"},
    "letter": {"GET": OFFICE_ONE},
    "letter-deliveries": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "letter-proof": {"GET": OFFICE_ONE},
    "days": {"GET": f"{TO_SIGN_IN} 403 403 200 200 403 200"},
    "day-orders": {"POST": f"{TO_SIGN_IN} 403 403 302 404 403 302"},
    "day-absences": {"POST": f"{TO_SIGN_IN} 403 403 404 404 403 404"},
    "visit-plan": {"POST": f"{TO_SIGN_IN} 403 403 302 404 403 302"},
    "reviews": {"GET": OFFICE},
    "review": {"GET": OFFICE_ONE},
    "decisions": {"POST": f"{TO_SIGN_IN} 403 403 422 404 422 422"},
    "decision-undo": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "approvals": {"POST": f"{TO_SIGN_IN} 403 403 302 302 302 302"},
    "assignments": {"GET": f"{TO_SIGN_IN} 403 403 200 200 403 200", "POST": f"{TO_SIGN_IN} 403 403 422 422 403 422"},
    "cases": {"GET": OFFICE},
    "case-views": {"POST": f"{TO_SIGN_IN} 403 403 302 302 302 302"},
    "case": {"GET": OFFICE_ONE},
    "contact-changes": {"POST": f"{TO_SIGN_IN} 403 403 302 404 403 302"},
    "case-pauses": {"POST": f"{TO_SIGN_IN} 403 403 302 404 403 302"},
    "case-contacts": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "permission-end": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "score-explanation": {"GET": OFFICE_ONE},
    "hold-release": {"POST": f"{TO_SIGN_IN} 403 403 302 404 403 302"},
    # everybody of the office sees what is held and the phones; supervisor and administrator decide
    "door": {"GET": OFFICE},
    "help-answer": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "visit-reached": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "imports": {"GET": ADMIN, "POST": ADMIN_FORM},
    "import": {"GET": ADMIN},
    "import-runs": {"POST": f"{TO_SIGN_IN} 403 403 403 403 403 302"},
    "import-profile": {"POST": ADMIN_FORM},
    "import-refused": {"GET": ADMIN},
    "import-undo": {"POST": f"{TO_SIGN_IN} 403 403 403 403 403 302"},
    "held": {"GET": OFFICE},
    "held-decision": {"POST": f"{TO_SIGN_IN} 403 403 422 404 403 422"},
    "devices": {"GET": OFFICE},
    "case-lesson": {"GET": OFFICE_ONE, "POST": f"{TO_SIGN_IN} 403 403 200 404 200 200"},
    "lesson-withdrawal": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "playbook": {"GET": OFFICE},
    "training": {"GET": OFFICE},
    "rules": {"GET": OFFICE},
    "rule-change": {"GET": f"{TO_SIGN_IN} 403 403 200 200 403 200", "POST": f"{TO_SIGN_IN} 403 403 422 422 403 422"},
    "rule-decision": {"POST": f"{TO_SIGN_IN} 403 403 422 422 403 422"},
    # where the money goes and what may be agreed: supervisor and administrator ask, another of them approves
    "creditors": {"GET": OFFICE},
    "creditor-new": {"GET": CHANGES_GET, "POST": CHANGES},
    "creditor-change": {"GET": CHANGES_GET, "POST": CHANGES},
    "mandate-new": {"GET": CHANGES_GET, "POST": CHANGES},
    "mandate-change": {"GET": CHANGES_GET, "POST": CHANGES},
    "creditor-decision": {"POST": CHANGES},
    "policies": {"GET": OFFICE, "POST": CHANGES},
    "policy-decision": {"POST": CHANGES},
    "enrolment-codes": {"POST": f"{TO_SIGN_IN} 403 403 422 422 403 422"},
    "enrolment-code-revocation": {"POST": f"{TO_SIGN_IN} 403 403 302 404 403 422"},
    "device-orders": {"POST": f"{TO_SIGN_IN} 403 403 422 404 403 422"},
    "photo": {"GET": OFFICE_ONE},
    "photo-original": {"GET": OFFICE_ONE},
    "recording": {"GET": OFFICE_ONE},
    "recorder-files": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "recorder-file": {"GET": OFFICE_ONE},
    "agreement-pdf": {"GET": OFFICE_ONE},
    "agreement-bundle": {"POST": f"{TO_SIGN_IN} 403 403 200 404 200 200"},
    "case-bundle": {"POST": f"{TO_SIGN_IN} 403 403 200 404 200 200"},
    "agreement-checks": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "case-limitation": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "agreement-approval": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "agreement-paper": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "agreement-text": {"GET": OFFICE_ONE},
    "sync-agreement-text": {"GET": "401 401 200 404 403 403 403 403"},
    "agreement-rejection": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    # after an agreement: who ends one decides for others' money, so a supervisor or an administrator does
    "agreement-void": {"POST": f"{TO_SIGN_IN} 403 403 302 404 403 302"},
    "void-decision": {"POST": f"{TO_SIGN_IN} 403 403 302 404 403 302"},
    "agreement-renewal": {"POST": f"{TO_SIGN_IN} 403 403 302 404 403 302"},
    "agreement-clearance": {"GET": OFFICE_ONE},
    "agreement-settling": {"GET": OFFICE_ONE, "POST": f"{TO_SIGN_IN} 403 403 422 404 422 422"},
    "payments": {"GET": OFFICE},
    "payment-reversal": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "case-payments": {"POST": f"{TO_SIGN_IN} 403 403 302 404 302 302"},
    "clauses": {"GET": OFFICE},
    "clause-version": {"GET": OFFICE},
    "clause-copy": {"POST": f"{TO_SIGN_IN} 403 403 302 302 403 302"},
    "clause-draft": {"GET": f"{TO_SIGN_IN} 403 403 200 200 403 200", "POST": f"{TO_SIGN_IN} 403 403 422 422 403 422"},
    "clause-text": {"GET": f"{TO_SIGN_IN} 403 403 200 200 403 200", "POST": f"{TO_SIGN_IN} 403 403 422 422 403 422"},
    "figures": {"GET": OFFICE},
    "figure-cases": {"GET": f"{TO_SIGN_IN} 403 403 404 404 404 404"},  # without a figure there is nothing behind it
    "checkpoints": {"GET": OFFICE, "POST": f"{TO_SIGN_IN} 403 403 403 403 302 302"},
    "checkpoint-verification": {"POST": f"{TO_SIGN_IN} 403 403 403 403 302 302"},
    "checkpoint": {"GET": OFFICE},
    "concerns": {"GET": OFFICE},
    "concern-steps": {"POST": f"{TO_SIGN_IN} 403 403 422 404 422 422"},
    # everybody who holds the link; behind it, without the second factor, nothing but the way back to it
    "copy": {"GET": ALL},
    "sync-confirmations": {"POST": "401 401 400 400 403 403 403 403"},
    "sync-confirmations-entered": {"POST": "401 401 400 400 403 403 403 403"},
    "copy-key": {"POST": "422 422 422 422 422 422 422 422"},
    "copy-code": {"POST": "200 200 200 200 200 422 422 422"},  # five codes a day
    "copy-leave": {"POST": "302 302 302 302 302 302 302 302"},
    "copy-paper": {"GET": CLOSED},
    "copy-clearance": {"GET": CLOSED},
    "copy-calendar": {"GET": CLOSED},
    "copy-settling": {"GET": CLOSED, "POST": CLOSED},
    "copy-withdrawal": {"GET": CLOSED, "POST": CLOSED},
    "copy-confirmation": {"GET": CLOSED, "POST": CLOSED},
    "copy-concern": {"GET": CLOSED, "POST": CLOSED},
    "verify": {"GET": ALL, "POST": "422 422 422 422 422 422 422 422"},
}


def routes(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else f"{namespace}{pattern.pattern}"


def test_every_route_has_a_policy_and_every_policy_a_route():
    found = set(routes())
    assert None not in found
    assert {name for name in found if not name.startswith("admin:")} == set(POLICY)


@pytest.fixture
def clients(ana, xu, chen, olga, mia, sign_in):
    wang = people.new_user(username="wang", name="Wang", role=Role.SUPERVISOR, password=PASSWORD, team=xu.team)

    def fresh():
        """A new session for each: some addresses end it."""
        found = {user.username: sign_in(user, Client()) for user in (ana, xu, chen, wang, olga, mia)}
        half = Client()
        half.force_login(ana)
        return {"stranger": Client(), "half": half} | found

    return fresh


@pytest.fixture
def world(visit, chen, agreed, tell, deliver, phone, django_capture_on_commit_callbacks):  # noqa: F811
    """Dora's visit, with a photo and a sealed agreement."""
    phone.photo(visit, b"no picture")
    tell(agreed())
    deliver()
    phone.recorder(visit)
    phone.recording(visit)
    phone.deliver(phone.outbox[-2:])
    recording, recorder = Recording.objects.get(), Recorder.objects.get()
    recording.taken_in_at, recording.mime = NOW, "audio/webm"
    recording.sound.save("sound.webm", ContentFile(b"x"))
    by, wav = recorder.event.actor, ContentFile(b"x", "x.wav")
    file = recorders.add_file(recorder=recorder, file=wav, sha256="", by=by, now=NOW)
    photo = Photo.objects.get()
    photo.unreadable, photo.taken_in_at = "", NOW
    photo.original.save("original.jpg", ContentFile(b"x"))
    photo.derivative.save("derivative.jpg", ContentFile(b"x"))
    visit.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        intake.visit_changed(visit)
    agreement = Agreement.objects.get()
    assert agreement.state == "sealed"
    code, _ = enrolment.issue(user=phone.user, by=chen, now=NOW)
    tighter = {"pack": "cn", "rule": "CN-VIS-06", "values": {"days": 14}, "reason": "Fewer visits."}
    rule_changes.propose(**tighter, valid_from=NOW.date(), valid_to=None, by=chen, now=NOW)
    clause_sets.draft(set_id="cn-repayment", version=3, by=chen, now=NOW)
    lesson = Lesson.objects.create(case=visit.case, strategy="care-first", good=True, by=chen, at=NOW)
    creditor = visit.case.creditor
    said = creditors.stood(creditor, creditors.FIELDS) | {"complaint_phone": "95501"}
    creditors.propose(creditor=creditor, values=said, reason="x", by=chen, now=NOW)
    hold = Hold.objects.create(case=visit.case, reason="wish", at=NOW)
    leave = Permission.objects.create(case=visit.case, visit=visit, event=photo.event, by=phone.user, at=NOW,
                                      from_hour="20:00", until_hour="21:00", last_day=NOW.date())  # fmt: skip
    after = after_it(agreement, now=NOW)
    checkpoints.make(now=NOW)
    named = {"hold": hold, "visit": visit, "photo": photo, "agreement": agreement, "phone": phone, "code": code}
    named["permission"] = leave
    named["security"] = Security.objects.create(case=visit.case, kind="home", what="flat", by=chen, at=NOW)
    named["call"] = HelpCall.objects.create(visit=visit, event=photo.event, at=NOW)
    run = ImportRun.objects.create(file_name="list.csv", sha256="0" * 64, profile="bank-a", at=NOW)
    job = ImportJob.objects.create(profile="bank-a", file_name="list.csv", by=chen, at=NOW, asked_at=NOW, ended_at=NOW,
                                   run=run)  # fmt: skip
    job.refused_file.save("refused.csv", ContentFile(b"x"))
    named["job"] = job
    letter = letters.make(case=agreement.case, kind="documents-receipt", text="x", sure=False, by=chen, now=NOW)
    proof = {"proof": b"%PDF-1.4", "reference": "", "on": NOW.date(), "way": "post"}
    named["letter"] = letter
    named["delivery"] = letters.deliver(letter=letter, by=chen, now=NOW, **proof)
    return after | named | {"recording": recording, "recorder": recorder, "file": file, "lesson": lesson}


JOB = ("import", "import-runs", "import-profile", "import-refused", "import-undo")
LINK = ("copy-key", "copy-code", "copy-leave", "copy-paper", "copy-clearance", "copy-calendar", "copy-withdrawal",
        "copy-settling", "copy-confirmation")  # fmt: skip

PAPER = ("agreement-paper", "agreement-text", "sync-agreement-text")


def after_it(agreement, now):
    """A payment, a concern, a void that was asked for, and a certificate without a paper."""
    case = agreement.case
    void = Void.objects.create(agreement=agreement, reason="x", by=User.objects.get(username="olga"), at=now)
    concern = Concern.objects.create(case=case, agreement=agreement, kind="feedback", text="x", language="en",
                                     received_at=now)  # fmt: skip
    payment, _new = payments.record_payment(
        case=case, reference="R1", fen=100, paid_on=now.date(), by=None, now=now
    )  # fmt: skip
    made = Clearance.objects.create(agreement=agreement, number="x", settled_on=now.date(), facts={}, pdf_sha256="x",
                                    sealed_at=now)  # fmt: skip
    made.pdf.save("settled.pdf", ContentFile(b"x"))
    return {"void": void, "concern": concern, "payment": payment}


def address(name, world):
    """The address of a route with the ids of Dora's case."""
    visit = world["visit"]
    token = {"token": proposals.copy_token(world["agreement"].offer)}
    arguments = {
        "caller": {"code": "7F3A91C2"},
        "my-case": {"ref": visit.case.ref},
        "case": {"ref": visit.case.ref},
        "visit-step": {"visit_id": visit.pk, "step": "prepare"},
        "contact-changes": {"party_id": visit.case.parties.get().pk},
        "case-pauses": {"ref": visit.case.ref},
        "score-explanation": {"ref": visit.case.ref},
        "case-lesson": {"ref": visit.case.ref},
        "case-securities": {"ref": visit.case.ref},
        "security": {"ref": visit.case.ref, "pk": world["security"].pk},
        "court-handover": {"ref": visit.case.ref},
        "case-contacts": {"ref": visit.case.ref},
        "help-answer": {"call_id": world["call"].pk},
        "visit-reached": {"visit_id": visit.pk},
        "permission-end": {"permission_id": world["permission"].pk},
        "hold-release": {"hold_id": world["hold"].pk},
        "case-letters": {"ref": visit.case.ref},
        "set-up": {"uid": "MQ", "token": "none"},
        "person": {"pk": visit.collector_id},
        "person-orders": {"pk": visit.collector_id},
        "people-group": {"kind": "team"},
        "letter": {"letter_id": world["letter"].pk},
        "letter-deliveries": {"letter_id": world["letter"].pk},
        "letter-proof": {"delivery_id": world["delivery"].pk},
        "day-orders": {"collector_id": visit.collector_id},
        "day-absences": {"collector_id": visit.collector_id},
        "visit-plan": {"visit_id": visit.pk},
        "review": {"visit_id": visit.pk},
        "decisions": {"visit_id": visit.pk},
        "lesson-withdrawal": {"pk": world["lesson"].pk},
        "decision-undo": {"visit_id": visit.pk},
        "photo": {"photo_id": world["photo"].pk},
        "photo-original": {"photo_id": world["photo"].pk},
        "recording": {"recording_id": world["recording"].pk},
        "recorder-files": {"recorder_id": world["recorder"].pk},
        "recorder-file": {"file_id": world["file"].pk},
        **{name: {"pk": world["job"].pk} for name in JOB},
        "held-decision": {"kind": "events", "pk": world["phone"].outbox[0].id},
        "device-orders": {"device_id": world["phone"].id},
        "enrolment-code-revocation": {"pk": world["code"].pk},
        "rule-change": {"pack": "cn", "rule": "CN-TIME-01"},
        "rule-decision": {"pk": RuleChange.objects.get().pk},
        "creditor-change": {"creditor_id": visit.case.creditor_id},
        "mandate-new": {"creditor_id": visit.case.creditor_id},
        "mandate-change": {"mandate_id": visit.case.creditor.mandates.get().pk},
        "creditor-decision": {"pk": CreditorChange.objects.get().pk},
        "policies": {"creditor_id": visit.case.creditor_id},
        "policy-decision": {"pk": OfferPolicy.objects.first().pk},
        "agreement-checks": {"agreement_id": world["agreement"].pk},
        "agreement-approval": {"agreement_id": world["agreement"].pk},
        **{name: {"agreement_id": world["agreement"].pk} for name in PAPER},
        "agreement-rejection": {"agreement_id": world["agreement"].pk},
        "agreement-bundle": {"agreement_id": world["agreement"].pk},
        "case-bundle": {"ref": visit.case.ref},
        "agreement-pdf": {"agreement_id": world["agreement"].pk},
        "agreement-void": {"agreement_id": world["agreement"].pk},
        "agreement-renewal": {"agreement_id": world["agreement"].pk},
        "agreement-clearance": {"agreement_id": world["agreement"].pk},
        "agreement-settling": {"agreement_id": world["agreement"].pk},
        "void-decision": {"void_id": world["void"].pk},
        "payment-reversal": {"payment_id": world["payment"].pk},
        "case-limitation": {"ref": visit.case.ref},
        "case-payments": {"ref": visit.case.ref},
        "clause-version": {"set_id": "cn-repayment", "number": 3},
        "clause-copy": {"set_id": "cn-repayment", "number": 3},
        "clause-draft": {"set_id": "cn-repayment"},
        "clause-text": {"set_id": "cn-repayment", "name": "c3"},
        "checkpoint": {"size": Checkpoint.objects.earliest("size").size},
        "concern-steps": {"concern_id": world["concern"].pk},
        "copy": token,
        **dict.fromkeys(LINK, token),
        "copy-concern": token | {"kind": "complaint"},
        "blob": {"sent_sha256": "0" * 64},
        "shell-other": {"path": "outbox"},
    }
    return reverse(name, kwargs=arguments.get(name))


BODIES = {
    "sync-session": {"username": "ana", "password": "wrong", "code": "000000"},
    "sync-demo-code": {"username": "ana"},
    "sync-demo-enrolment": {},
    "sync-events": {"v": 1, "events": []},
}


def ask(client, name, method, world):
    url, sender = address(name, world), world["phone"]
    headers = SAME_ORIGIN | {"X-Device": str(sender.id)}
    if method == "HX":
        return client.get(url, headers=headers | {"HX-Request": "true"})
    body = None
    if name in BODIES:
        body = BODIES[name] | ({"device_id": str(sender.id)} if name == "sync-events" else {})
    elif name == "sync-devices":
        body = {"device_id": str(sender.id), "public_key": sender.public_key, "label": ""}
    if body is not None and method == "POST":
        return client.post(url, json.dumps(body), content_type="application/json", headers=headers)
    if name == "blobs":
        return sender.create(client, sender.outbox[0].blobs[0], sender.outbox[0])
    if name == "blob":
        headers |= sender.tus() | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        return client.generic(method, url, b"", content_type="application/offset+octet-stream", headers=headers)
    return client.generic(method, url, headers=headers)


def test_each_gets_what_the_policy_says(clients, world):
    found = {}
    for name, line in POLICY.items():
        for method in line:
            asking = clients()
            statuses = [ask(asking[who], name, method, world).status_code for who in WHO]
            if statuses != [int(status) for status in line[method].split()]:
                found[f"{method} {name}"] = " ".join(map(str, statuses))
    assert found == {}


def test_the_cookie_alone_reads_no_page_of_the_field(clients, world):
    found = {}
    for name, line in POLICY.items():
        for method in line:
            if line[method] not in (FIELD, FIELD_ONE) and name != "pack":
                continue
            ana = clients()["ana"]
            del ana.defaults["HTTP_X_UNLOCK"]
            answer = ask(ana, name, method, world)
            found[name] = (answer.status_code, answer.json().get("code"))
    assert set(found) == {"today", "companion", "my-cases", "my-case", "cards", "visit-step", "pack", "sync-cases",
                          "sync-agreement-text"}  # fmt: skip
    assert set(found.values()) == {(401, "locked")}


def test_no_other_method_does_anything(clients, world):
    mia = clients()["mia"]
    for name, line in POLICY.items():
        url, sender = address(name, world), world["phone"]
        known = {method.replace("HX", "GET") for method in line} | {"HEAD", "OPTIONS"}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
            answer = mia.generic(method, url, headers=SAME_ORIGIN | {"X-Device": str(sender.id)})
            assert answer.status_code in (403, 405, 412), f"{method} {url}: {answer.status_code}"


def test_no_answer_to_somebody_else_holds_anything_of_the_case(clients, world):
    visit = world["visit"]
    secrets = [str(visit.pk), visit.case.ref, visit.case.contract_number, "朵拉", str(world["agreement"].pk)]
    for name, line in POLICY.items():
        for method in line:
            asking = clients()
            for who in ("stranger", "half", "xu", "wang"):
                answer = ask(asking[who], name, method, world)
                said = b"".join(answer.streaming_content) if answer.streaming else answer.content
                # its own address may come back, as the place to go on to after signing in
                told = [s for s in secrets if s.encode() in said.replace(address(name, world).encode(), b"")]
                assert not told, f"{who} at {name} by {method} learns {told}"


def test_the_admin_pages_are_for_administrators_with_both_factors(clients, world):
    for who in WHO:
        answer = clients()[who].get("/admin/")
        assert (answer.status_code == 200) == (who == "mia"), who


def test_no_page_has_a_script_or_a_style_of_its_own(clients, world):
    inline = re.compile(rb"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son\w+=|\sstyle=|<style|javascript:|hx-on")
    for name, line in POLICY.items():
        for method in line:
            answer = ask(clients()["ana" if "HX" in line else "olga"], name, method, world)
            if not answer.streaming and "html" in answer.get("Content-Type", ""):
                assert not inline.search(answer.content), f"{name}: {inline.search(answer.content)}"
                assert "unsafe" not in answer["Content-Security-Policy"]

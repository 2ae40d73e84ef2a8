"""A visit that was stopped after the signature: nothing of it is sealed until a supervisor has let the case go on."""

from datetime import timedelta

from agreements import decisions
from agreements.models import Agreement
from fieldvisit import holds
from fieldvisit.models import Hold
from tests.cast import NOW


def test_what_was_signed_before_the_stop_waits_for_the_supervisor(agreed, tell, deliver, phone, visit, chen, olga):
    tell.consent()
    phone.started(visit)
    phone.note(visit)
    tell.sign(agreed())
    phone.stopped(visit, "distress", "He weeps.")
    phone.ended(visit, outcome="stopped")
    deliver(phone.outbox)
    agreement = Agreement.objects.get()
    assert agreement.state == "held" and "seal.stopped" in agreement.codes
    holds.release(hold=Hold.objects.get(), by=chen, now=NOW + timedelta(hours=1), text="His daughter was with him.")
    agreement = decisions.check_again(agreement=agreement, by=olga, now=NOW + timedelta(hours=1))
    agreement.refresh_from_db()
    assert "seal.stopped" not in agreement.codes

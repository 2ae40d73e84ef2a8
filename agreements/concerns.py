"""What debtors say on their own page, and by when it is answered. No collector sees it; a complaint pauses the case."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext

from fieldvisit import access, messages, pauses, record
from fieldvisit.models import Party, User
from fieldvisit.problems import Refused

from .models import Concern, ConcernStep, Offer, StepKind
from .rules import following

# A debtor who writes more in a day is asked to telephone (product default).
MOST_A_DAY = 5


@dataclass(frozen=True)
class Standing:
    """How far one concern has come."""

    concern: Concern
    owner: User | None
    answer: ConcernStep | None
    extended: ConcernStep | None
    by: date  # the last day for an answer
    days: int  # left; below zero: over
    may_extend: bool
    citation: dict  # {language: text} of the rule that sets the days

    @property
    def cited(self) -> str:
        return self.citation["en" if translation.get_language() == "en" else "zh-hans"]


@transaction.atomic
def receive(
    *, offer: Offer, agreement, kind: str, text: str, month_fen: int | None, language: str, now: datetime
) -> Concern:
    """From the debtor's page. Refused("concern.text" | "concern.many"). The record names the kind of thing, no word."""
    rule = following.rules(following.day(now))["concerns"][kind]
    if not text.strip() and kind != "new-plan":
        raise Refused("concern.text")
    case = offer.case
    record.lock([case.pk])
    if sum(following.day(c.received_at) == following.day(now) for c in Concern.objects.filter(case=case)) >= MOST_A_DAY:
        raise Refused("concern.many")
    hold = None
    if rule["pauses"]:
        hold = pauses.place(case=case, reason=kind, text=_from_his_page(), by=None, now=now)
    made = Concern.objects.create(
        case=case, agreement=agreement, kind=kind, text=text.strip(), month_fen=month_fen, language=language, hold=hold,
        received_at=now,
    )  # fmt: skip
    record.append(case=case, action="concern.received", object=f"concern:{made.pk}", now=now, payload={"kind": kind})
    return made


def _from_his_page() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("From the debtor's own page")


@transaction.atomic
def step(*, concern: Concern, kind: str, text: str, by: User, now: datetime) -> ConcernStep:
    """Take it on, take more time (the debtor reads why), or answer it.

    Refused("concern.answered" | "concern.own" | "concern.no_longer" | "concern.answer").
    """
    text = text.strip()
    record.lock([concern.case_id])
    now_standing = of([concern], now)[0]
    if now_standing.answer:
        raise Refused("concern.answered")
    if concern.case.visits.filter(collector=by).exists() or concern.case.visits.filter(second=by).exists():
        raise Refused("concern.own")
    if kind == StepKind.EXTENDED and not now_standing.may_extend:
        raise Refused("concern.no_longer")
    if kind != StepKind.TAKEN and not text:
        raise Refused("concern.answer")
    made = ConcernStep.objects.create(concern=concern, kind=kind, text=text, by=by, at=now)
    record.append(case=concern.case, action=f"concern.{kind}", object=f"concern:{concern.pk}", actor=by, now=now,
                  payload={"kind": concern.kind})  # fmt: skip
    if kind != StepKind.TAKEN:
        debtor = Party.objects.filter(case=concern.case, role="debtor").first()
        messages.note(
            key=f"concern.{kind}:{made.pk}", kind="concern.answer", case=concern.case,
            to=debtor.mobile if debtor else "",
            language=concern.language, now=now, quiet=True,
        )  # fmt: skip
    return made


def visible(user: User):
    """Concerns of the cases that this person of the office may reach."""
    steps = Prefetch("steps", ConcernStep.objects.select_related("by").order_by("pk"))
    found = access.through_case(Concern.objects.all(), user).select_related("case__creditor", "agreement", "hold")
    debtors = Prefetch("case__parties", Party.objects.filter(role="debtor"), to_attr="debtors")
    return found.prefetch_related(steps, debtors)


def of(found, now: datetime) -> list[Standing]:
    return [_standing(concern, following.day(now)) for concern in found]


def _standing(concern: Concern, today: date) -> Standing:
    steps = sorted(concern.steps.all(), key=lambda step: step.pk)
    longer = [step for step in steps if step.kind == StepKind.EXTENDED]
    answer = next((step for step in steps if step.kind == StepKind.ANSWERED), None)
    owner = next((step.by for step in reversed(steps) if step.kind == StepKind.TAKEN), None)
    by = following.answer_by(concern.kind, concern.received_at, len(longer))
    return Standing(
        concern, owner or (answer.by if answer else None), answer, longer[-1] if longer else None, by,
        (by - today).days,
        following.may_extend(concern.kind, concern.received_at, len(longer)),
        following.rules(following.day(concern.received_at))["concerns"][concern.kind]["citation"],
    )  # fmt: skip


def overdue(user: User, now: datetime) -> int:
    """How many wait for an answer beyond their last day."""
    waiting = access.through_case(Concern.objects.exclude(steps__kind=StepKind.ANSWERED), user)
    return sum(each.days < 0 for each in of(waiting.prefetch_related("steps"), now))

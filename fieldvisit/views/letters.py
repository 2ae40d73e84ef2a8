"""Letters on the page of a case: write one, read it, write down how it was delivered."""

from datetime import date

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fieldvisit import access, answers, letters
from fieldvisit.models import LetterDelivery, LetterKind
from fieldvisit.problems import Refused
from fieldvisit.rules import speech


@require_POST
@access.role_required(*access.OFFICE)
def make(request: HttpRequest, ref: str) -> HttpResponse:
    case = get_object_or_404(access.cases(request.user).select_related("creditor", "debt"), ref=ref)
    said = {"kind": request.POST.get("kind", ""), "text": request.POST.get("text", "")}
    try:
        letters.make(case=case, sure=request.POST.get("sure") == "on", by=request.user, now=timezone.now(), **said)
        messages.success(request, _("The letter is written. Print it, and write down how it was delivered."))
    except Refused as refused:
        context = {"section": "cases", "case": case, "said": said, "refused": refused, "kinds": LetterKind.choices}
        return render(request, "fieldvisit/letters/refused.html", context, status=422)
    return redirect("case", ref)


@require_GET
@access.role_required(*access.OFFICE)
def pdf(request: HttpRequest, letter_id: int) -> FileResponse:
    letter = get_object_or_404(letters.visible(request.user), pk=letter_id)
    return FileResponse(letter.pdf.open(), content_type="application/pdf", filename=f"{letter.number}.pdf")


@require_POST
@access.role_required(*access.OFFICE)
def deliver(request: HttpRequest, letter_id: int) -> HttpResponse:
    letter = get_object_or_404(letters.visible(request.user), pk=letter_id)
    file = request.FILES.get("proof")
    with answers.said(request, _("Written down. It stands in the record.")):
        letters.deliver(
            letter=letter, way=request.POST.get("way", ""), on=_day(request.POST.get("on")),
            reference=request.POST.get("reference", ""), proof=file.read(letters.MOST_PROOF + 1) if file else b"",
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    return redirect("case", letter.case.ref)


@require_GET
@access.role_required(*access.OFFICE)
def proof(request: HttpRequest, delivery_id: int) -> FileResponse:
    """As it was handed in, to be saved: nothing of it is shown in the page."""
    found = LetterDelivery.objects.filter(letter__in=letters.visible(request.user)).exclude(proof="")
    row = get_object_or_404(found, pk=delivery_id)
    return FileResponse(row.proof.open(), as_attachment=True, filename=row.proof.name.rpartition("/")[2])


@require_GET
@access.role_required(*access.OFFICE)
def words(request: HttpRequest) -> JsonResponse:
    """What is looked for in all that is typed at the desk, with titles in the reader's language."""
    language = "en" if get_language() == "en" else "zh-hans"
    return JsonResponse({row: rule | {"title": rule["title"][language]} for row, rule in speech.for_people().items()})


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError as error:
        raise Refused("letter.delivery") from error

"""Files of creditors, handed in at the desk: tried, mapped, taken in, taken back."""

import re

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fieldvisit import access, forms, import_jobs, import_profiles, import_undo, paging
from fieldvisit.models import ImportJob, ImportRun, Role
from fieldvisit.problems import Refused

JOBS = ImportJob.objects.select_related("by", "run__undo__by")


@require_http_methods(["GET", "POST"])
@access.role_required(Role.ADMINISTRATOR)
def index(request: HttpRequest) -> HttpResponse:
    """The files handed in, newest first, and the form for the next one."""
    form = forms.ImportFile(request.POST, request.FILES) if request.method == "POST" else forms.ImportFile()
    if request.method == "POST":
        try:
            if not form.is_valid():
                raise Refused("import.form")
            kind, profile = form.cleaned_data["what"].split("/", 1)
            job = import_jobs.hand_in(
                kind=kind, profile=profile, file=form.cleaned_data["file"], by=request.user, now=timezone.now(),
                language=translation.get_language() or "zh-hans",
            )  # fmt: skip
            return redirect("import", job.pk)
        except Refused as refused:
            if not form.errors:
                form.add_error("file", str(refused))
    before = request.GET.get("before", "")
    jobs = JOBS.filter(pk__lt=before) if before.isdecimal() else JOBS
    rows = list(jobs.order_by("-pk")[: paging.SIZE + 1])
    context = {
        "section": "imports", "form": form, "jobs": rows[: paging.SIZE],
        "before": rows[paging.SIZE - 1].pk if len(rows) > paging.SIZE else None,
    }  # fmt: skip
    forms.focus_first_error(form)
    return render(request, "fieldvisit/imports/index.html", context, status=422 if form.errors else 200)


@require_GET
@access.role_required(Role.ADMINISTRATOR)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One file; to htmx only how far it is, until it is done."""
    job = get_object_or_404(JOBS, pk=pk)
    if request.htmx and job.ended_at is None:
        return render(request, "fieldvisit/imports/_state.html", _about(job))
    if request.htmx:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = reverse("import", args=[pk])
        return answer
    return render(request, "fieldvisit/imports/show.html", _about(job) | _mapping(job))


@require_POST
@access.role_required(Role.ADMINISTRATOR)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Try it again, or take it in."""
    job = get_object_or_404(ImportJob, pk=pk)
    try:
        import_jobs.again(job=job, trial=request.POST.get("trial") == "1", now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("import", pk)


@require_POST
@access.role_required(Role.ADMINISTRATOR)
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """The columns as chosen become a version of a profile, and the file is tried by it."""
    job = get_object_or_404(JOBS, pk=pk)
    name, now = request.POST.get("profile", "").strip(), timezone.now()
    try:
        mapping = _mapping(job)
        if not mapping.get("columns"):
            raise Refused("import.job_over")
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", name):
            raise Refused("import.profile_name")
        chosen = [request.POST.get(f"column-{n}", "") for n in range(len(mapping["columns"]))]
        typed = {key: request.POST.get(f"creditor-{key}", "").strip() for key, _value in mapping["creditor"]}
        import_profiles.save(
            of=job.kind, name=name, base=import_profiles.load(job.kind, job.profile), by=request.user, now=now,
            creditor={key: value for key, value in typed.items() if value}, chosen=chosen,
            heads=[column["head"] for column in mapping["columns"]],
        )  # fmt: skip
        import_jobs.again(job=job, trial=True, profile=name, now=now)
        messages.success(request, _("The profile {name} is saved; the file is tried by it.").format(name=name))
    except Refused as refused:
        mapping = _mapping(job, request.POST) | {"wrong": str(refused), "name": name}
        return render(request, "fieldvisit/imports/show.html", _about(job) | mapping, status=422)
    return redirect("import", pk)


@require_GET
@access.role_required(Role.ADMINISTRATOR)
def refused(request: HttpRequest, pk: int) -> FileResponse:
    """The rows that were not taken, with the reason beside each, to be corrected and handed in again."""
    job = get_object_or_404(ImportJob, pk=pk)
    if not job.refused_file:
        raise Http404
    return FileResponse(job.refused_file.open("rb"), as_attachment=True, filename=f"refused-{job.pk}.csv")


@require_POST
@access.role_required(Role.ADMINISTRATOR)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(ImportJob.objects.select_related("run"), pk=pk, run__isnull=False)
    try:
        made = import_undo.undo(run=job.run, by=request.user, now=timezone.now())
        said = _("Taken back: {closed} cases closed, {restored} with their former figures.")
        messages.success(request, said.format(closed=made.closed, restored=made.restored))
    except Refused as why:
        messages.error(request, str(why))
    return redirect("import", pk)


def _about(job: ImportJob) -> dict:
    now = timezone.now()
    last = ImportRun.objects.exclude(profile__contains="/").order_by("-pk").values_list("pk", flat=True).first()
    return {
        "section": "imports",
        "job": job,
        "kind": import_profiles.kinds[job.kind],
        "silent": job.ended_at is None and (job.beat_at or job.asked_at) < now - import_jobs.SILENT,
        "undone": getattr(job.run, "undo", None) if job.run else None,
        "may_undo": bool(job.run) and job.run_id == last,
        "more_refused": max(0, job.refused - import_jobs.SHOWN),
    }


def _mapping(job: ImportJob, typed=None) -> dict:
    """The first rows of the file, and which field each column is; {} where the file is gone or is no table."""
    if not job.file or job.ended_at is None:
        return {}
    kind = import_profiles.kinds[job.kind]
    try:
        known = import_profiles.load(job.kind, job.profile)
        with job.file.open("rb") as file:
            seen = import_profiles.preview(file, known, kind)
    except (Refused, FileNotFoundError):
        return {}
    of = import_profiles.placed(known, seen.heads)
    if typed:
        of = [typed.get(f"column-{n}", "") for n in range(len(of))]
    keys = import_profiles.CREDITOR if job.kind == "cases" else ("name",)
    return {
        "columns": [
            {"head": head, "field": field, "cells": [row[n] if n < len(row) else "" for row in seen.rows]}
            for n, (head, field) in enumerate(zip(seen.heads, of, strict=True))
        ],
        "rows": seen.rows,
        "fields": [(field, kind.head(field), field in kind.required) for field in kind.readers],
        "creditor": [(key, typed.get(f"creditor-{key}", "") if typed else known.creditor.get(key, "")) for key in keys],
        "name": job.profile,
    }

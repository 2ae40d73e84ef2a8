"""Files handed in at the desk: kept, tried, taken in by the worker, with how far it is; what came of each stays.

The task is only a nudge: `run_due` looks at the rows for what waits, also for what a dead worker left behind.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django_tasks import task

from . import handlers, import_profiles, tables
from .models import ImportJob, User
from .problems import Refused

SILENT = timedelta(minutes=2)  # a worker that says nothing for so long is dead
SHOWN = 100


@transaction.atomic
def hand_in(*, kind: str, profile: str, file: File, by: User, language: str, now: datetime) -> ImportJob:
    """Keep the file and try it. Refused: import.profile, and what `tables.opened` says of a file that is no table."""
    import_profiles.load(kind, profile)
    with tables.opened(file):
        pass  # a file that cannot be read is told of at once
    job = ImportJob(
        kind=kind, profile=profile, file_name=file.name[:200], by=by, at=now, asked_at=now, language=language
    )
    file.seek(0)
    job.file.save(f"imports/{uuid4()}", file, save=True)
    transaction.on_commit(work.enqueue)
    return job


@transaction.atomic
def again(*, job: ImportJob, trial: bool, profile: str = "", now: datetime) -> None:
    """Try it once more, perhaps by another profile, or take it in. Refused("import.job_over", "import.job_busy")."""
    job = ImportJob.objects.select_for_update().get(pk=job.pk)
    if not job.file or job.state == "done":
        raise Refused("import.job_over")
    if job.state == "running" and job.beat_at > now - SILENT:
        raise Refused("import.job_busy")
    job.trial, job.profile, job.asked_at = trial, profile or job.profile, now
    job.beat_at = job.ended_at = None
    job.problem, job.read, job.taken, job.good = "", 0, 0, 0
    job.save()
    transaction.on_commit(work.enqueue)


@task()
def work() -> int:
    return run_due()


def run_due() -> int:
    """Run what waits, one after the other; how many were run."""
    done = 0
    while job := _claim(timezone.now()):
        _run(job, timezone.now())
        done += 1
    return done


def _claim(now: datetime) -> ImportJob | None:
    silent = Q(beat_at=None) | Q(beat_at__lt=now - SILENT)
    for job in ImportJob.objects.filter(silent, ended_at=None).order_by("asked_at", "pk"):
        if ImportJob.objects.filter(silent, pk=job.pk, ended_at=None).update(beat_at=now):
            return job
    return None


def _run(job: ImportJob, now: datetime) -> None:
    kind = import_profiles.kinds[job.kind]
    mine = ImportJob.objects.filter(pk=job.pk)

    def tell(read: int, taken: int, good: int) -> None:
        mine.update(read=read, taken=taken, good=good, beat_at=timezone.now())

    try:
        with translation.override(job.language), job.file.open("rb") as file:
            outcome = kind.run(file=file, name=job.file_name, profile=job.profile, by=job.by, now=now,
                               dry_run=job.trial, tell=tell)  # fmt: skip
            _keep(job, kind, outcome)
    except Refused as refused:
        with translation.override(job.language):
            job.problem = str(refused)
    except Exception as error:
        handlers.report(error, f"import {job.pk}")
        with translation.override(job.language):
            job.problem = str(Refused("import.job_failed"))
    job.ended_at = timezone.now()
    fields = ["as_of", "created", "updated", "unchanged", "refused", "first_refused", "refused_file", "run"]
    job.save(update_fields=[*fields, "problem", "ended_at"])
    if job.state == "done":
        # the creditor's file is in the case records now: nobody needs a second copy of it
        job.file.delete(save=True)


def _keep(job: ImportJob, kind, outcome) -> None:
    for count in ("as_of", "created", "updated", "unchanged", "run"):
        setattr(job, count, getattr(outcome, count))
    job.refused = len(outcome.refused)
    job.first_refused = [{key: getattr(r, key) for key in ("row", "column", "reason")} for r in outcome.refused[:SHOWN]]
    if job.refused_file:
        job.refused_file.delete(save=False)
    if outcome.refused:
        job.refused_file.save(f"imports/{uuid4()}.csv", ContentFile(b""), save=False)
        with job.refused_file.open("wb") as stream:
            kind.write_refused(stream, outcome)

"""manage.py import_cases FILE --profile NAME: take in a creditor's list of cases."""

import os
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldvisit import imports
from fieldvisit.problems import Refused


class Command(BaseCommand):
    help = "Take in a creditor's file (CSV or .xlsx). Bad rows are listed and left out; the file itself is only read."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--profile", required=True, help="which columns the file has: bank-a, bank-b, bank-c, …")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--refused", type=Path, metavar="FILE", help="where refused rows go, for correction (CSV)")
        parser.add_argument("--as-of", type=date.fromisoformat, help="day of the figures; comes before the file's own")

    def handle(self, *args, file, profile, dry_run, refused, as_of, **options):
        try:
            with _opened(file) as source, _written(refused, file) as target:
                outcome = imports.run(
                    file=source,
                    name=file.name,
                    profile=profile,
                    by=None,
                    now=timezone.now(),
                    dry_run=dry_run,
                    as_of=as_of,
                )
                if target:
                    imports.write_refused(target, outcome)
        except Refused as why:
            raise CommandError(str(why)) from None
        for refusal in outcome.refused:
            said = {"row": refusal.row, "column": refusal.column or "–", "reason": refusal.reason}
            self.stdout.write(_("Row %(row)s, %(column)s: %(reason)s") % said)
        if dry_run:
            self.stdout.write(_("A trial: nothing was written."))
        said = _(
            "Figures of %(as_of)s: %(created)s new, %(updated)s updated, %(unchanged)s the same, %(refused)s refused."
        )
        self.stdout.write(said % (vars(outcome) | {"refused": len(outcome.refused)}))


def _opened(file: Path):
    try:
        return file.open("rb")
    except OSError:
        raise Refused("import.no_file", name=str(file)) from None


@contextmanager
def _written(path: Path | None, source: Path):
    """Yields a stream that becomes the file at `path` when all went well, for its owner alone: it is case data."""
    if path is None:
        yield None
        return
    if path.is_dir() or (path.exists() and path.samefile(source)):
        raise Refused("import.refused_file", name=str(path))
    try:
        beside = NamedTemporaryFile(dir=path.parent, delete=False)  # noqa: SIM115  (closed below, before it moves)
    except OSError:
        raise Refused("import.refused_file", name=str(path)) from None
    try:
        with beside:
            yield beside
        os.replace(beside.name, path)
    except BaseException:
        os.unlink(beside.name)
        raise

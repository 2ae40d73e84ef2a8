"""manage.py import_payments FILE --profile NAME: take in a creditor's payments."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agreements import payment_files
from fieldvisit.problems import Refused


class Command(BaseCommand):
    help = "Take in payments (CSV or .xlsx). The same reference again changes nothing; bad rows are named and left out."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--profile", required=True, help="which columns the file has: bank-a, bank-b, …")
        parser.add_argument("--dry-run", action="store_true", help="only say which rows could be read")

    def handle(self, *args, file, profile, dry_run, **options):
        try:
            with file.open("rb") as source:
                done = payment_files.run(
                    file=source, name=file.name, profile=profile, by=None, now=timezone.now(), dry_run=dry_run
                )
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except Refused as why:
            raise CommandError(str(why)) from None
        for refusal in done.refused:
            self.stdout.write(f"{refusal.row}: {refusal.reason}")
        self.stdout.write(
            f"{done.created} new, {done.unchanged} the same, {len(done.refused)} refused, {done.settled} plans settled."
        )

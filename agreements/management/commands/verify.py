"""manage.py verify FILE: is this PDF one of ours, whole and unchanged? Exit 1 unless it is."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agreements import portal


class Command(BaseCommand):
    help = "Judge a PDF by its seal and by our books; exit 1 unless it is in force, or a settlement certificate."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options):
        try:
            answer = portal.by_file(file.read_bytes(), now=timezone.now())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        if answer.state not in ("genuine", "settled"):
            raise CommandError(f"{file}: {answer.state}")
        sealed = answer.sealed_at.isoformat()
        self.stdout.write(f"{file}: {answer.state}, {answer.number}, {answer.creditor}, sealed {sealed}")

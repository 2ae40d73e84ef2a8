"""manage.py import_outbox FILE: take in the locked file that a phone exported, exactly once."""

from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fieldvisit import outbox_file
from fieldvisit.models import User
from fieldvisit.problems import Refused, sentence


class Command(BaseCommand):
    help = "Take in a phone's exported outbox and print a verdict for every entry and photo. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", metavar="USERNAME", help="who brings it; without, the phone's owner")

    def handle(self, *args, file, by, **options):
        try:
            person = User.objects.get(username=by) if by else None
            taken = outbox_file.take(file.read_bytes(), by=person, now=timezone.now())
        except User.DoesNotExist:
            raise CommandError(f"There is no user {by}.") from None
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from None
        except Refused as refused:
            raise CommandError(str(refused)) from None
        for verdict in taken.verdicts:
            number = f"no. {verdict['server_seq']}" if verdict["server_seq"] else ""
            self._line(verdict["event_id"], verdict["status"], number, verdict["message"])
        for sha256, code in taken.uploads:
            self._line(sha256, "failed" if code else "here", "", sentence(code) if code else "")
        counts = Counter(verdict["status"] for verdict in taken.verdicts)
        said = ", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "none"
        here = sum(not code for _sha, code in taken.uploads)
        self.stdout.write(
            f"Phone of {taken.device.user}: {len(taken.verdicts)} entries ({said}; {taken.repeats} were here already), "
            f"{here} of {len(taken.uploads)} photos here."
        )
        if counts["invalid"] or counts["retry"] or here < len(taken.uploads):
            raise CommandError("Not everything was taken in. Keep the file, and keep the phone as it is.")

    def _line(self, *words):
        self.stdout.write("  ".join(word for word in words if word))

"""manage.py checkpoints: make one over the record of all cases; --due where one is due; --verify all, or a folder."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agreements import checkpoints


class Command(BaseCommand):
    help = "Make a checkpoint over all cases; or verify those that were made, and those kept elsewhere."

    def add_arguments(self, parser):
        parser.add_argument("--due", action="store_true", help="only when an hour has passed; fetch missing times")
        parser.add_argument("--verify", nargs="?", const="", metavar="FOLDER", help="make none; FOLDER: kept elsewhere")

    def handle(self, *, due, verify, **options):
        if verify is not None:
            files = sorted(Path(verify).glob("checkpoint-*.json")) if verify else []
            if verify and not files:
                raise CommandError(f"No checkpoint lies in {verify}.")
            faults = checkpoints.verify(files)
            for fault in faults:
                self.stderr.write(fault)
            if faults:
                raise CommandError(f"{len(faults)} faults.")
            self.stdout.write(f"All checkpoints stand, {len(files)} from elsewhere among them.")
            return
        made = (checkpoints.due if due else checkpoints.make)(now=timezone.now())
        if made is not None:
            self.stdout.write(f"Checkpoint over {made.size} heads of chains: {made.root}")

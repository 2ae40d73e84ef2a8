"""manage.py timestamps: fetch the times that are pending, archive sealed papers, renew archives before they end."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from agreements import timestamps


class Command(BaseCommand):
    help = "Fetch pending timestamps, archive sealed papers (B-LTA), renew archives that end within 90 days."

    def handle(self, *args, **options):
        now = timezone.now()
        done = timestamps.keep(now=now)
        pending, unarchived = (
            sum(due.count() for due in each) for each in (timestamps.pending(), timestamps.unarchived(now))
        )
        self.stdout.write(f"{done.stamped} stamped, {done.archived} archived, {done.failed} failed; "
                          f"{pending} pending, {unarchived} to archive.")  # fmt: skip

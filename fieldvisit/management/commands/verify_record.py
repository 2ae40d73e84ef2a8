"""manage.py verify_record: walk every chain of the record. Exit 1 and the places where one does not stand."""

from itertools import groupby

from django.core.management.base import BaseCommand, CommandError

from fieldvisit import record
from fieldvisit.models import Entry


class Command(BaseCommand):
    help = "Walk the record of every case and name each place where a chain does not stand."

    def handle(self, *args, **options):
        entries = Entry.objects.order_by("case_id", "seq").select_related("detail").iterator(chunk_size=2000)
        cases = total = bad = 0
        for case_id, chain in groupby(entries, key=lambda e: e.case_id):
            chain = list(chain)
            cases, total = cases + 1, total + len(chain)
            for fault in record.verify_entries(chain):
                bad += 1
                self.stderr.write(f"{case_id}: {fault}")
        if bad:
            raise CommandError(f"{bad} faults in {total} entries of {cases} cases.")
        self.stdout.write(
            f"{total} entries of {cases} cases stand. A cut tail shows only against an outside checkpoint."
        )

"""Two imports at the same moment, with real commits: the second finds what the first has made."""

import io
from pathlib import Path

import fieldvisit.demo
from fieldvisit import imports, record
from fieldvisit.models import Case, Creditor, ImportRun
from tests.cast import NOW
from tests.fieldvisit.test_intake_together import together

FILE = Path(fieldvisit.demo.__file__).with_name("bank-a.csv")


def test_the_first_file_of_a_creditor_twice_at_once(committed):
    Creditor.objects.all().delete()

    def job():
        outcome = imports.run(file=io.BytesIO(FILE.read_bytes()), name=FILE.name, profile="bank-a", by=None, now=NOW)
        return outcome.created, outcome.unchanged

    results = together([job] * 4)
    assert sorted(results) == [(0, 61), (0, 61), (0, 61), (61, 0)]
    assert Creditor.objects.count() == 1 and Case.objects.count() == 61 and ImportRun.objects.count() == 4
    assert all(record.verify(case) == [] for case in Case.objects.all()[:10])

"""manage.py check_clauses: does every clause set say what it must, and nothing it may not? Exit 1 unless all do."""

from django.core.management.base import BaseCommand, CommandError

from agreements.rules import clause_lint, wording
from agreements.rules.refusal import Refused


class Command(BaseCommand):
    help = "Judge the clause sets by the checklist, naming row and article; exit 1 if one is refused."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--set", dest="set_id", metavar="ID", help="one set, such as cn-repayment")

    def handle(self, *args, set_id: str | None, **options):
        refused = 0
        for name in [set_id] if set_id else wording.names():
            try:
                found = wording.load(name)
            except Refused:
                raise CommandError(f"There is no clause set {name}. There are: {', '.join(wording.names())}.") from None
            said = clause_lint.findings(found)
            errors = sum(one.level == "error" for one in said)
            refused += bool(errors)
            for one in said:
                self.stdout.write(f"  {one}")
            self.stdout.write(f"{name} {found['version']}: {'refused' if errors else 'passes'}")
        if refused:
            raise CommandError(f"{refused} refused.")

"""manage.py rotate_envelope_key: a new key for what phones send; every older one still opens."""

from django.core.management.base import BaseCommand

from fieldvisit import keys


class Command(BaseCommand):
    help = "Make a new envelope key. Phones take it with their next hello; what they sealed before still opens."

    def handle(self, *args, **options):
        before, _public = keys.envelope_public()
        after = keys.make(keys.ENVELOPE)
        self.stdout.write(f"Envelopes are made out to {after} from now on. {before} and all before it are kept.")
        self.stdout.write("Back up FIELDVISIT_DATA/keys now: without it nothing that is on its way can be opened.")

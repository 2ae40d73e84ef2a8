"""manage.py sweep_uploads: take up files that a crash left unseen, and forget uploads that nobody goes on with."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldvisit import blobs, photos, recordings


class Command(BaseCommand):
    help = "Take up files that a crash left unseen, and forget uploads without a byte for 60 days. Safe at any time."

    def handle(self, *args, verbosity, **options):
        taken, swept = photos.take_due() + recordings.take_due(), blobs.sweep(now=timezone.now())
        if taken or swept or verbosity > 1:
            self.stdout.write(
                _("%(taken)s files taken up, %(swept)s uploads and strays removed.") % {"taken": taken, "swept": swept}
            )

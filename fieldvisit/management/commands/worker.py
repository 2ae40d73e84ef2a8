from django.core.management.base import BaseCommand

from fieldvisit import worker

STOPPED = """The worker is stopped. Each phone drops it, and what it cached, at its next load with a signal; the
field app then works with a signal only. What is not sent stays on the phones and is sent.
`worker --start` brings it back."""


class Command(BaseCommand):
    help = "The kill switch of the phones' service worker: --stop removes a broken one from every phone."

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--stop", action="store_true", help="phones drop the worker and its caches")
        which.add_argument("--start", action="store_true", help="phones install it again")

    def handle(self, *, stop, start, **options):
        if stop:
            worker.stop()
        elif start:
            worker.start()
        self.stdout.write(STOPPED if worker.stopped() else "The worker is handed out as usual.")

"""manage.py seal: seal or hold every agreement that is due, as the worker does."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from agreements import sealing
from agreements.models import Agreement, State


class Command(BaseCommand):
    help = "Seal or hold every agreement that is ready; safe to run beside the worker."

    def handle(self, *args, **options):
        settled = sealing.seal_due(now=timezone.now())
        waiting = Agreement.objects.filter(state=State.READY).count()
        self.stdout.write(f"{settled} settled, {waiting} still waiting.")

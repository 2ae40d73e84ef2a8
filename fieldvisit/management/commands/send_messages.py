"""manage.py send_messages: send what waits, and note the reminders of the day; for a timer every few minutes."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from fieldvisit import messages


class Command(BaseCommand):
    help = "Send the messages that are due. Without a way to send (MESSAGES_SMS, MESSAGES_EMAIL) they wait."

    def handle(self, *args, **options):
        now = timezone.now()
        noted = messages.note_due(now=now)
        self.stdout.write(f"{noted} noted, {messages.send_due(now=now)} sent.")

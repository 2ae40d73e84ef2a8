"""manage.py alarms: what supervisors must know, printed, and mailed to those who have something; for a daily timer."""

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from fieldvisit import access, alarms, fleet
from fieldvisit.models import User


class Command(BaseCommand):
    help = "Print what waits too long (silent phones, missing numbers, held work) and mail it to those who decide."

    def handle(self, *args, **options):
        now = timezone.now()
        fleet.look_again(now)
        told = 0
        people = User.objects.filter(role__in=access.IN_CHARGE, is_active=True).order_by("pk")
        for user in people.select_related("team"):
            with translation.override(user.language):
                lines = [str(line) for line in alarms.watch(user, now).lines]
                if not lines:
                    continue
                told += 1
                address = user.email or (f"{user.username}@demo.invalid" if settings.DEMO else "")
                self.stdout.write(f"{user} <{address or 'no address'}>")
                self.stdout.writelines(f"  {line}" for line in lines)
                if address:
                    text = "\n".join([*lines, "", settings.PUBLIC_URL.rstrip("/") + "/office/"])
                    send_mail(_("Field visits: this waits for you"), text, None, [address])
        self.stdout.write(f"{told} people had something to be told.")

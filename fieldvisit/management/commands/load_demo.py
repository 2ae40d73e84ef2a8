"""manage.py load_demo: the demo's cases and people, and today's visits. Safe to run again; only where DEMO=1."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from fieldvisit import demo, people
from fieldvisit.problems import Refused


class Command(BaseCommand):
    help = "Load the demo's cases, people and visits, and say who may sign in. Only where DEMO=1."

    def handle(self, *args, **options):
        # other apps add what is theirs: agreements its creditors' policies
        autodiscover_modules("demo")
        try:
            users = demo.load(now=timezone.now())
        except Refused as why:
            raise CommandError(str(why)) from None
        self.stdout.write(
            _("Sign in as one of these, each with the password %(password)s:") % {"password": people.DEMO_PASSWORD}
        )
        for user in users:
            self.stdout.write(f"  {user.username:<10} {user.name}  {user.get_role_display()}")
        self.stdout.write(_("The sign-in page fills in the password and an unused code by one tap."))

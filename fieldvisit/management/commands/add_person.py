"""manage.py add_person: somebody who may sign in, with the second factor that goes with the password."""

from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from fieldvisit.models import Role, Team, User
from fieldvisit.people import new_user


class Command(BaseCommand):
    help = "Adds a person with a role, a password (asked for) and a one-time code, whose address is printed once."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--team", help="made when it is new")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])

    def handle(self, *, username, name, role, team, language, **options):
        if User.objects.filter(username=username).exists():
            raise CommandError(f"{username} is already there.")
        password = getpass()
        try:
            validate_password(password, User(username=username, name=name))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        team = Team.objects.get_or_create(name=team)[0] if team else None
        user = new_user(username=username, name=name, role=role, password=password, team=team, language=language)
        self.stdout.write("Enter this into an authenticator app; it is not shown again:")
        self.stdout.write(user.totpdevice_set.get().config_url)

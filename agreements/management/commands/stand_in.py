"""manage.py stand_in timestamps|signer: a local authority or signing service over HTTP. For development, loudly."""

import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agreements import development, standins

KEYS = {"timestamps": "timestamp", "signer": "seal"}


class Command(BaseCommand):
    help = "Serve a stand-in on this machine: RFC 3161 timestamps, or signatures of the development seal."

    def add_arguments(self, parser):
        parser.add_argument("what", choices=KEYS)
        parser.add_argument("--port", type=int, default=8318)

    def handle(self, *args, what: str, port: int, **options):
        if settings.PRODUCTION:
            raise CommandError("A stand-in proves nothing: there is none in production.")
        folder = Path(settings.FIELDVISIT_DATA) / "keys" / KEYS[what]
        if what == "timestamps":
            server = standins.timestamp_server(folder, port)
            self.stdout.write(f"TIMESTAMP_AUTHORITIES=http://127.0.0.1:{port}/")
            self.stdout.write(f"TIMESTAMP_ROOTS={folder / development.ROOT}")
        else:
            token = secrets.token_urlsafe(24)
            server = standins.signing_server(folder, token, port)
            self.stdout.write(f"SEAL_KEY=remote SEAL_URL=http://127.0.0.1:{port}/")
            self.stdout.write(f"SEAL_ROOTS={folder / development.ROOT}, and SEAL_CERTIFICATE: its certificate as PEM")
            self.stdout.write(f"in SEAL_SECRET_FILE: {token}")
        self.stdout.write("For development only: what this signs is NOT REAL. Ctrl-C ends it.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()

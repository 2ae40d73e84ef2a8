"""Ways to send a message, named in the settings by a dotted path: send(to=…, subject=…, text=…) → what to keep of it.

A way that fails raises; the caller tries again later. Nothing here logs a number, an address or a text.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail


class StandIn:
    """For the demo: nothing leaves this machine. The messages lie in FIELDVISIT_DATA/messages.txt, and say so."""

    name = "stand-in: written to a file, not sent"

    def send(self, *, to: str, subject: str, text: str) -> None:
        path = Path(settings.FIELDVISIT_DATA) / "messages.txt"
        head = f"--- NOT SENT, a stand-in wrote it here at {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z for {to} ---"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
            file.write("\n".join(filter(None, [head, subject, text, "", ""])))


class Mail:
    """E-mail by Django's own mail server (EMAIL_*)."""

    name = "e-mail"

    def send(self, *, to: str, subject: str, text: str) -> None:
        send_mail(subject, text, None, [to])

"""The phones' service worker, and the switch that takes it away where a release has broken it.

The switch is a file below FIELDVISIT_DATA: it works at once, for every process, and where the
front end does not build.
"""

from pathlib import Path

from django.conf import settings


def switch() -> Path:
    return settings.FIELDVISIT_DATA / "worker-stopped"


def stopped() -> bool:
    return switch().exists()


def stop() -> None:
    switch().parent.mkdir(parents=True, exist_ok=True)
    switch().touch(mode=0o600)


def start() -> None:
    switch().unlink(missing_ok=True)


def script() -> Path:
    """What /m/sw.js answers: the built worker, or the one that removes itself."""
    if stopped():
        return settings.BASE_DIR / "static" / "src" / "sw-stop.js"
    return settings.ASSETS_MANIFEST.with_name("sw.js")

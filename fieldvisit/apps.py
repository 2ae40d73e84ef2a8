from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldvisitConfig(AppConfig):
    name = "fieldvisit"
    verbose_name = _("Field visits")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # they add pages to the pack and take in events
        from . import (  # noqa: F401
            briefing,
            companions,
            conduct,
            contacts,
            court,
            day,
            day_plan,
            door,
            hearing,
            holds,
            imports,
            lessons,
            letters,
            papers,
            permissions,
            photos,
            promises,
            readings,
            recorders,
            recordings,
            safety,
            scores,
            securities,
            training,
            visits,
        )

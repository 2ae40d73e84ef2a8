from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "agreements"
    verbose_name = _("Repayment agreements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Fill the registries that fieldvisit offers; it knows nothing of us.
        from agreements import registry  # noqa: F401  (models must be loaded first)

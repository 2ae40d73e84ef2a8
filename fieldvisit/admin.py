"""Django's admin, for developers: behind both factors, and almost everything only to read.

What happened is written by verbs, which leave a line in the record; here it can only be looked at.
"""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db.models.base import ModelBase
from django.http import HttpRequest
from django.urls import reverse
from django_otp.admin import OTPAdminSite

from . import models


class DeveloperSite(OTPAdminSite):
    """Staff with a verified code; signing in happens on our own page, which asks for all three at once."""

    def login(self, request: HttpRequest, extra_context=None):
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(wanted, reverse("sign-in"))

    def register(self, model_or_iterable, admin_class=None, **options):
        """Our own models only. django-otp would show and change everybody's second factor here."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        super().register([model for model in models if model._meta.app_label in OURS], admin_class, **options)


OURS = ("fieldvisit", "agreements")

# the one site that config/urls.py serves, as django-otp advises
admin.site.__class__ = DeveloperSite


class Looking(admin.ModelAdmin):
    """Rows that only verbs write."""

    show_full_result_count = False
    list_per_page = 50

    def get_list_display(self, request):
        names = [field.name for field in self.model._meta.concrete_fields if field.get_internal_type() not in LONG]
        return names[:8]

    def get_list_select_related(self, request):
        return True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


LONG = {"BinaryField", "JSONField", "TextField"}


class Keeping(Looking):
    """What has no page of its own yet: may be added and changed, never deleted."""

    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser


@admin.register(models.User)
class People(Looking):
    list_display = ["username", "name", "role", "team", "is_active", "last_login"]
    fields = ["username", "name", "role", "team", "language", "badge", "is_active", "is_staff", "last_login"]
    search_fields = ["username", "name"]

    def get_list_display(self, request):
        return self.list_display


admin.site.register([models.Agency, models.Team], Keeping)
admin.site.register(
    [
        models.Address,
        models.Assignment,
        models.Blob,
        models.Case,
        models.Consent,
        models.Creditor,
        models.CreditorChange,
        models.Debt,
        models.Device,
        models.Entry,
        models.EntryDetail,
        models.Event,
        models.FormerBalance,
        models.ImportRun,
        models.Mandate,
        models.Note,
        models.Party,
        models.Photo,
        models.Position,
        models.Quarantine,
        models.Receipt,
        models.ReviewDecision,
        models.Visit,
    ],
    Looking,
)

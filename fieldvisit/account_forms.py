"""Forms about accounts."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.validators import RegexValidator
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from .models import Agency, Role, Team


class Person(forms.Form):
    """Who somebody is and what he may. `username` only for a new one: it never changes."""

    username = forms.CharField(
        label=_("User name"), max_length=40, help_text=_("To sign in with. It cannot be changed later."),
        validators=[RegexValidator(r"^[\w.-]+\Z", _("Letters, figures, dot, hyphen and underscore."))],
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    name = forms.CharField(label=_("Full name"), max_length=80)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = forms.ModelChoiceField(
        Team.objects.order_by("name"), label=_("Team"), required=False, empty_label=_("none"),
        help_text=_("Collectors and supervisors need one."),
    )  # fmt: skip
    agency = forms.ModelChoiceField(
        Agency.objects.order_by("name"), label=_("Agency"), required=False, empty_label=_("none")
    )
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("For the alarms of the day."))
    badge = forms.CharField(label=_("Work card number"), max_length=32, required=False)

    def __init__(self, *args, new: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["username"]

    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "username"}


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Team"), max_length=80)


class AgencyForm(forms.Form):
    name = forms.CharField(label=_("Agency"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), max_length=32)


class SetUp(forms.Form):
    """The password twice, and the code that the app shows for the square."""

    password = forms.CharField(
        label=_("New password"), strip=False, max_length=200,
        help_text=lazy(lambda: " ".join(password_validators_help_texts()), str)(),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("The same again"), strip=False, max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip
    code = forms.RegexField(
        r"^\s*\d{6}\s*$", label=_("6-digit code"), help_text=_("What the app shows now."),
        error_messages={"invalid": _("Six digits, as the authenticator app shows them.")},
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "8"}),
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]

    def clean(self):
        found = super().clean()
        if "password" in found and "again" in found and found["password"] != found["again"]:
            self.add_error("again", _("The two passwords differ."))
        return found

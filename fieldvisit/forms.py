"""The office's forms. What a person typed stays after an error; each says what is wrong beside the field."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .models import Decision


class SignIn(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label=_("6-digit code"),
        help_text=_("From the authenticator app. Each code works once."),
        error_messages={"invalid": _("Six digits, as the authenticator app shows them.")},
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "8"}),
    )


class Review(forms.Form):
    """A decision; sending back needs a sentence."""

    decision = forms.ChoiceField(choices=Decision.choices)
    sentence = forms.CharField(
        label=_("What should the collector do?"),
        help_text=_("He reads this sentence on his phone."),
        required=False,
        max_length=500,
        error_messages={"max_length": _("At most 500 characters; this has %(show_value)d.")},
        widget=forms.Textarea({"rows": 3, "id": "sentence", "required": True}),
    )


class Language(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)


class CaseSearch(forms.Form):
    q = forms.CharField(
        label=_("Name or contract number"),
        required=False,
        max_length=64,
        widget=forms.TextInput({"type": "search", "id": "search", "autocomplete": "off"}),
    )


def focus_first_error(form: forms.Form) -> None:
    """The browser puts the cursor into the first field that is wrong."""
    for name, field in form.fields.items():
        if name in form.errors:
            field.widget.attrs["autofocus"] = True
            return

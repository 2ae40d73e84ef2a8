"""The office's forms. What a person typed stays after an error; each says what is wrong beside the field."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import access, import_profiles
from .models import Agency, Answer, Case, Channel, Decision, HoldReason, Outcome, SecurityKind, SecurityMode, User
from .rules import changes


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
    marked = forms.ChoiceField(
        label=_("What is it about?"), required=False, widget=forms.Select({"id": "marked"})
    )

    def __init__(self, *args, parts: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["marked"].choices = [("", _("the visit as a whole")), *parts.items()]


class QueueFilter(forms.Form):
    """Which visits of the queue, and in which order."""

    collector = forms.ModelChoiceField(
        User.objects.none(), label=_("Collector"), required=False, empty_label=_("all")
    )
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[("", _("all")), *Outcome.choices])
    flags = forms.ChoiceField(
        label=_("Flags"), required=False,
        choices=[("", _("all")), ("some", _("with flags")), ("none", _("without flags"))],
    )  # fmt: skip
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("oldest first")), ("flags", _("most flags first"))]
    )

    def __init__(self, *args, visits, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["collector"].queryset = User.objects.filter(pk__in=visits.values("collector")).order_by("name")


class HeldDecision(forms.Form):
    """What becomes of held work, and why."""

    decision = forms.ChoiceField(choices=[("accept", _("Accept")), ("reject", _("Reject"))])
    reason = forms.CharField(
        max_length=500,
        strip=True,
        error_messages={"required": _("A decision needs a reason."), "max_length": _("At most 500 characters.")},
    )


class RecorderFile(forms.Form):
    """What the office has of a recorder: the file, or its SHA-256."""

    file = forms.FileField(label=_("The recorder's file"), required=False, allow_empty_file=True)
    sha256 = forms.CharField(
        label=_("or its SHA-256"),
        required=False,
        max_length=128,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class Pause(forms.Form):
    """Why nobody goes there, and until when."""

    reason = forms.ChoiceField(label=_("Kind"), choices=HoldReason.choices)
    text = forms.CharField(
        label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2, "required": True})
    )
    until = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty: it lasts until somebody ends it."),
    )  # fmt: skip

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, prefix="pause", **kwargs)
        self.today = today
        self.fields["until"].widget.attrs["min"] = today.isoformat()

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < self.today:
            raise forms.ValidationError(_("That day is over. Choose today or a later day."))
        return until


class OfficeContact(forms.Form):
    """A call or a letter of the office, at the time it was."""

    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=Answer.choices)
    at = forms.DateTimeField(
        label=_("When"), input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2, "maxlength": "1000"})
    )

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, prefix="contact", **kwargs)
        self.fields["at"].widget.attrs["max"] = f"{timezone.localtime(now):%Y-%m-%dT%H:%M}"


class Language(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)


class CaseSearch(forms.Form):
    q = forms.CharField(
        label=_("Name, pinyin or contract number"),
        required=False,
        max_length=64,
        widget=forms.TextInput({"type": "search", "id": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("all")), ("open", _("open")), ("free", _("open, with nobody")), ("closed", _("closed"))],
    )  # fmt: skip
    collector = forms.ModelChoiceField(
        User.objects.none(), label=_("Collector"), required=False, empty_label=_("all"), to_field_name="username"
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["collector"].queryset = access.who_has_cases(user)

    def query(self) -> str:
        """What was asked for, as a query string without a place in the list: the same search has one only."""
        said = {"q": self.cleaned_data["q"].strip(), "state": self.cleaned_data["state"]}
        collector = self.cleaned_data["collector"]
        said["collector"] = collector.username if collector else ""
        return urlencode({name: value for name, value in said.items() if value})


class Assignment(forms.Form):
    """Cases for a collector and, if a day is given, a visit to each."""

    cases = forms.ModelMultipleChoiceField(
        Case.objects.none(), to_field_name="ref", error_messages={"required": _("Tick the cases first.")}
    )
    collector = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Collector"),
        required=False,
        empty_label=_("choose"),
    )
    share = forms.BooleanField(
        label=_("Share them out among the team"), required=False,
        help_text=_("Everybody ends with as many open cases; neighbours go to one person. Who is away is left out."),
    )  # fmt: skip
    on = forms.DateField(
        label=_("Visit on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty to give the cases only."),
    )  # fmt: skip
    second = forms.ModelChoiceField(
        User.objects.none(), label=_("Goes along"), required=False, empty_label=_("nobody yet")
    )

    def __init__(self, *args, user: User, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["cases"].queryset = access.cases(user).filter(closed_at=None)
        for name in ("collector", "second"):
            self.fields[name].queryset = access.collectors(user)
        self.fields["on"].widget.attrs["min"] = today.isoformat()

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on and on < self.today:
            raise forms.ValidationError(_("That day is over. Choose today or a later day."))
        return on

    def clean(self):
        found = super().clean()
        if not found.get("share") and not found.get("collector") and "collector" not in self.errors:
            self.add_error("collector", _("Choose who."))
        if found.get("share") and found.get("second"):
            self.add_error("second", _("Shared out, they go to several people: leave this empty."))
        if found.get("second") and found.get("second") == found.get("collector"):
            self.add_error("second", _("Two go together: choose another person."))
        return found


class ImportFile(forms.Form):
    """A file, and what it is: kind/profile."""

    what = forms.ChoiceField(label=_("What it is"))
    file = forms.FileField(
        label=_("File (CSV or .xlsx)"), widget=forms.FileInput({"accept": ".csv,.txt,.xlsx"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [
            (kind.title, [(f"{of}/{name}", f"{kind.title} · {name}") for name in import_profiles.names(of)])
            for of, kind in import_profiles.kinds.items()
        ]


class RuleChange(forms.Form):
    """Another limit or effect for one rule of conduct. What is left as it is, is no change."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        strip=True,
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": _("A change of a rule needs its reason."),
            "max_length": _("At most 500 characters."),
        },
    )
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    valid_to = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty if it has no end."),
    )  # fmt: skip
    LABELS = {"from": _("From (hour)"), "until": _("Until (hour)"), "limit": _("Limit"), "days": _("Within days")}
    EFFECTS = [("warn", _("warn")), ("require", _("require first")), ("block", _("refuse"))]

    def __init__(self, *args, rule: dict, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.fields["valid_from"].initial = today
        own = {}
        for name in changes.open_to(rule):
            if name == "effect":
                own[name] = forms.ChoiceField(label=_("Effect"), choices=self.EFFECTS, initial=rule["effect"])
            elif isinstance(rule[name], int):
                own[name] = forms.IntegerField(label=self.LABELS[name], min_value=0, initial=rule[name])
            else:
                own[name] = forms.CharField(label=self.LABELS[name], max_length=5, initial=rule[name])
        self.fields = own | self.fields

    def values(self) -> dict:
        """What differs from the pack."""
        said = {name: self.cleaned_data[name] for name in changes.open_to(self.rule)}
        return {name: value for name, value in said.items() if value != self.rule[name]}


class CreditorForm(forms.Form):
    """What a creditor is, to whom it is paid, and where one complains."""

    LENDERS = [
        ("licensed-bank", _("bank")), ("consumer-finance", _("consumer finance company")),
        ("microloan", _("micro-loan company")), ("private", _("private lender")), ("microfinance", _("microfinance")),
    ]  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=8, help_text=_("drawn inside the seal"))
    lender_type = forms.ChoiceField(
        label=_("Kind of lender"), choices=LENDERS, help_text=_("decides which rules of conduct hold")
    )
    account_name = forms.CharField(label=_("Account holder"), max_length=120)
    account_bank = forms.CharField(label=_("Bank of the account"), max_length=120)
    account_number = forms.RegexField(
        r"^[0-9A-Z -]{4,40}$", label=_("Account number"), error_messages={"invalid": _("Figures and capital letters.")}
    )
    complaint_phone = forms.CharField(label=_("Telephone for complaints"), max_length=32)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("A change needs its reason.")},
    )  # fmt: skip

    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class MandateForm(forms.Form):
    """From when until when an agency may collect for a creditor."""

    agency = forms.ModelChoiceField(Agency.objects.order_by("name"), label=_("Agency"), to_field_name="name")
    number = forms.CharField(label=_("Number of the mandate"), max_length=64)
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    valid_until = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reason = CreditorForm.base_fields["reason"]

    def clean(self):
        found = super().clean()
        if found.get("valid_from") and found.get("valid_until") and found["valid_until"] < found["valid_from"]:
            self.add_error("valid_until", _("The last day lies before the first."))
        return found

    def values(self) -> dict:
        said = self.cleaned_data
        dates = {name: said[name].isoformat() for name in ("valid_from", "valid_until")}
        return {"agency": said["agency"].name, "number": said["number"], **dates}


def focus_first_error(form: forms.Form) -> None:
    """The browser puts the cursor into the first field that is wrong."""
    for name, field in form.fields.items():
        if name in form.errors:
            field.widget.attrs["autofocus"] = True
            return


class SecurityForm(forms.Form):
    """Collateral or a guarantee; `row`: the one that it replaces. Amounts are typed in yuan."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SecurityKind.choices)
    what = forms.CharField(label=_("What it is, or who guarantees"), max_length=200)
    mode = forms.ChoiceField(label=_("How it secures"), choices=SecurityMode.choices, required=False)
    scope = forms.CharField(label=_("What it secures"), max_length=200, required=False)
    value = forms.DecimalField(label=_("Value in yuan"), min_value=0, max_digits=14, decimal_places=2, required=False)
    source = forms.CharField(label=_("Who valued it"), max_length=80, required=False)
    valued_on = forms.DateField(label=_("Valued on"), required=False, widget=forms.DateInput({"type": "date"}))
    insured_until = forms.DateField(label=_("Insured until"), required=False, widget=forms.DateInput({"type": "date"}))
    registered_until = forms.DateField(
        label=_("Registered until"), required=False, widget=forms.DateInput({"type": "date"})
    )
    seized_until = forms.DateField(label=_("Seized until"), required=False, widget=forms.DateInput({"type": "date"}))
    period_end = forms.DateField(
        label=_("End of the guarantee period"), required=False, widget=forms.DateInput({"type": "date"})
    )
    gone = forms.BooleanField(label=_("It secures no more"), required=False)

    def __init__(self, data=None, *, row=None):
        initial = {name: getattr(row, name) for name in self.base_fields if name != "value"} if row else {}
        if row and row.value_fen is not None:
            initial["value"] = Decimal(row.value_fen) / 100
        initial |= {name: day.isoformat() for name, day in initial.items() if hasattr(day, "isoformat")}
        super().__init__(data, initial=initial)
        if row is None:
            del self.fields["gone"]

    def said(self) -> dict:
        """The fields of a Security, money in fen."""
        clean = {"gone": False} | self.cleaned_data
        value = clean.pop("value")
        return clean | {"value_fen": None if value is None else int(value * 100)}

"""Forms of agreements."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import StepKind
from .portal import MOST_BYTES


class Reason(forms.Form):
    """Why a held agreement is let pass, or never sealed."""

    reason = forms.CharField(max_length=500)


class ClauseWish(forms.Form):
    """From when a new version of a clause set is to stand, and what it changes."""

    approved_from = forms.DateField(label=_("Stands from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(
        label=_("What it changes, and why"), max_length=500, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Say what the new version changes.")},
    )  # fmt: skip


class Paper(forms.Form):
    """A PDF that somebody wants to know is genuine."""

    file = forms.FileField(
        label=_("The PDF"),
        error_messages={
            "required": _("Choose the PDF first."),
            "empty": _("This file is empty. Choose the PDF as you received it."),
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 20 MB, and no paper of ours is. Choose the PDF as you received it.")
            )
        return file


class DebtorKey(forms.Form):
    """The second factor of a debtor's link."""

    way = forms.ChoiceField(choices=[("identity", ""), ("code", "")])
    said = forms.CharField(max_length=12, error_messages={"required": _("Nothing is entered yet.")})


class Withdrawal(forms.Form):
    sure = forms.BooleanField(error_messages={"required": _("Tick the box first.")})
    reason = forms.CharField(max_length=500, required=False)


class DebtorConcern(forms.Form):
    """What he writes; yuan a month only with the wish for another plan."""

    text = forms.CharField(
        max_length=2000, required=False, error_messages={"max_length": _("At most 2,000 characters.")}
    )
    month = forms.DecimalField(
        min_value=0, max_digits=10, decimal_places=2, required=False,
        error_messages={"invalid": _("Write the sum in figures, for example 500.")},
    )  # fmt: skip

    def clean_month(self):
        yuan = self.cleaned_data["month"]
        return None if yuan is None else int(yuan * 100)


class ConcernStep(forms.Form):
    """What the office does about something that a debtor wrote."""

    kind = forms.ChoiceField(choices=StepKind.choices)
    text = forms.CharField(
        max_length=2000, required=False, error_messages={"max_length": _("At most 2,000 characters.")}
    )
    resume = forms.BooleanField(required=False)


class PaymentForm(forms.Form):
    """One payment, as the creditor's account shows it."""

    reference = forms.CharField(max_length=60)
    fen = forms.DecimalField(min_value=Decimal("0.01"), max_digits=13, decimal_places=2)
    paid_on = forms.DateField()
    note = forms.CharField(max_length=200, required=False)

    def clean_fen(self):
        return int(self.cleaned_data["fen"] * 100)

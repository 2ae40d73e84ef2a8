"""Forms of agreements."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import OfferPolicy, StepKind
from .portal import MOST_BYTES


class Reason(forms.Form):
    """Why a held agreement is let pass, or never sealed."""

    reason = forms.CharField(max_length=500)


class Told(forms.Form):
    """That the debtor was told what it costs today to be done."""

    way = forms.CharField(
        label=_("How, and to whom"), max_length=200,
        help_text=_("Only to himself, or to who acts for him. The sums and their days are kept with it."),
        error_messages={"required": _("Write how he was told, for example by telephone.")},
    )  # fmt: skip


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


class PolicyForm(forms.Form):
    """The terms of a creditor. Sums in yuan and rates in per cent, as people say them; fen and ppm are kept."""

    METHODS = [
        ("interest-free/1", _("instalments without interest")),
        ("equal-instalment/1", _("equal instalments with interest")),
        ("equal-principal/1", _("equal principal with interest")),
        ("graduated/1", _("less at first, more later")),
        ("balloon/1", _("a larger last payment")),
        ("settlement/1", _("part is let off, the rest in a few payments")),
    ]
    LENDERS = [
        ("bank", _("bank")), ("bank-assisted", _("bank, loan brought by a platform")),
        ("consumer-finance", _("consumer finance company")), ("microloan", _("micro-loan company")),
        ("local-financial", _("local financial organisation")), ("private", _("private lender")),
    ]  # fmt: skip
    DAYS = [("monthly", _("a twelfth each month")), ("actual/360", _("days / 360")), ("actual/365", _("days / 365"))]
    WAITING = [
        ("none", _("no interest meanwhile")), ("paid-monthly", _("interest is paid meanwhile")),
        ("added", _("interest runs, and is due with the first payment")),
    ]  # fmt: skip
    CONFIRMED = [
        ("offered", _("offered (product default)")), ("required", _("must be entered before the seal")),
        ("none", _("not used")),
    ]  # fmt: skip
    ORDERS = [
        ("cost,interest,principal,penalty", _("costs, interest, principal, penalty (Civil Code 561)")),
        ("cost,principal,interest,penalty", _("costs, principal, interest, penalty")),
        ("principal,cost,interest,penalty", _("principal first")),
    ]
    HEADS = [
        ("penalty_fen", _("of the penalty (%)")), ("overdue_interest_fen", _("of the overdue interest (%)")),
        ("interest_fen", _("of the interest (%)")), ("cost_fen", _("of the costs (%)")),
        ("principal_fen", _("of the principal (%)")),
    ]  # fmt: skip
    LET_OFF = _("May be let off: {part}")
    PERCENT = {"min_value": 0, "max_value": 100, "decimal_places": 4, "max_digits": 7}

    valid_from = forms.DateField(label=_("Stands from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    lender = forms.ChoiceField(label=_("Whose ceilings of the law hold"), choices=LENDERS)
    methods = forms.MultipleChoiceField(
        label=_("Ways to pay"), choices=METHODS, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one way to pay.")},
    )  # fmt: skip
    rate = forms.DecimalField(label=_("Interest a year where a way bears it (%)"), **PERCENT)
    day_count = forms.ChoiceField(label=_("How interest is counted"), choices=DAYS)
    allocation = forms.ChoiceField(label=_("What a payment pays first"), choices=ORDERS)
    least = forms.DecimalField(
        label=_("Least instalment (yuan)"), min_value=Decimal("0.01"), decimal_places=2, max_digits=11
    )
    most_months = forms.IntegerField(label=_("Most months"), min_value=1, max_value=120)
    settlement_months = forms.IntegerField(label=_("Most payments of a settlement"), min_value=1, max_value=24)
    waiver_lapses = forms.BooleanField(label=_("A reduction is lost on default until all is paid"), required=False)
    deferral_months = forms.IntegerField(label=_("Months that may be waited first"), min_value=0, max_value=24)
    deferral_interest = forms.ChoiceField(label=_("Interest while he waits"), choices=WAITING)
    balloon = forms.DecimalField(label=_("Largest last payment, of what is left (%)"), **PERCENT)
    working_days = forms.BooleanField(label=_("A due day off moves to the next working day"), required=False)
    valid_days = forms.IntegerField(label=_("An offer stands for (days)"), min_value=1, max_value=90)
    latest_first_due_days = forms.IntegerField(label=_("First payment within (days)"), min_value=1, max_value=120)
    lapse_days = forms.IntegerField(label=_("Lapses when not sealed within (days)"), min_value=1, max_value=30)
    cooling_off_days = forms.IntegerField(label=_("He may withdraw within (days)"), min_value=0, max_value=30)
    missed = forms.IntegerField(label=_("Missed payments that break it"), min_value=1, max_value=12)
    grace_days = forms.IntegerField(label=_("Days of grace"), min_value=0, max_value=60)
    statement_required = forms.BooleanField(label=_("Income and spending must be asked for first"), required=False)
    confirmation = forms.ChoiceField(label=_("One-time code to the debtor's number"), choices=CONFIRMED)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("A change needs its reason.")},
    )  # fmt: skip

    SAME = (
        "valid_from", "lender", "methods", "day_count", "most_months", "settlement_months", "waiver_lapses",
        "deferral_months", "deferral_interest", "working_days", "valid_days", "latest_first_due_days", "lapse_days",
        "cooling_off_days", "missed", "grace_days", "statement_required", "confirmation",
    )  # fmt: skip

    def __init__(self, *args, stands, today, **kwargs):
        super().__init__(*args, **kwargs)
        last = list(self.fields)[-1]
        reason = self.fields.pop(last)
        for head, word in self.HEADS:
            self.fields[head] = forms.DecimalField(label=self.LET_OFF.format(part=word), **self.PERCENT)
        self.fields[last] = reason
        self.initial = self.figures(stands or OfferPolicy(least_fen=10000, most_months=36, rates={}, reducible={}))
        self.initial["valid_from"] = today
        self.rates = stands.rates if stands else {}

    @classmethod
    def figures(cls, row) -> dict:
        """A policy as the form shows it."""
        percent = {"rate": row.annual_rate_ppm, "balloon": row.balloon_ppm}
        percent |= {head: row.reducible.get(head, 0) for head, _word in cls.HEADS}
        return (
            {name: getattr(row, name) for name in cls.SAME}
            | {name: (Decimal(ppm) / 10_000).normalize() for name, ppm in percent.items()}
            | {"least": Decimal(row.least_fen) / 100, "allocation": ",".join(row.allocation) or cls.ORDERS[0][0]}
        )

    @classmethod
    def said(cls, row) -> list[tuple]:
        """[(label, value)…] of a policy, in words."""
        lists = {"lender": cls.LENDERS, "day_count": cls.DAYS, "deferral_interest": cls.WAITING}
        lists |= {"allocation": cls.ORDERS, "confirmation": cls.CONFIRMED}
        heads, values = dict(cls.HEADS), cls.figures(row)
        values["methods"] = " · ".join(str(dict(cls.METHODS)[name]) for name in values["methods"])
        said = []
        for name, value in values.items():
            label = cls.base_fields[name].label if name in cls.base_fields else cls.LET_OFF.format(part=heads[name])
            word = dict(lists[name]).get(value, value) if name in lists else value
            said.append((label, word if not isinstance(word, bool) else _("yes") if word else _("no")))
        own = [(dict(cls.METHODS)[name], f"{Decimal(ppm) / 10_000:f} %") for name, ppm in row.rates.items()]
        return said + [(_("Interest a year: {way}").format(way=way), rate) for way, rate in own]

    def terms(self) -> dict:
        """The fields of OfferPolicy."""
        said = self.cleaned_data
        ppm = {name: int(said[name] * 10_000) for name in ("rate", "balloon", *dict(self.HEADS))}
        return {name: said[name] for name in self.SAME} | {
            "annual_rate_ppm": ppm["rate"],
            "balloon_ppm": ppm["balloon"],
            "reducible": {head: ppm[head] for head, _word in self.HEADS if ppm[head]},
            "rates": {name: rate for name, rate in self.rates.items() if name in said["methods"]},
            "least_fen": int(said["least"] * 100),
            "allocation": said["allocation"].split(","),
        }


class Period(forms.Form):
    """From a day to a day, both included, at most a year."""

    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))

    def clean(self):
        said = super().clean()
        first, last = said.get("first"), said.get("last")
        if first and last and not 0 <= (last - first).days <= 366:
            raise forms.ValidationError(_("Choose a first and a last day, at most a year apart."))
        return said

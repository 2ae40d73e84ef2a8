"""What is owed, by head, since when; every former figure is kept."""

from django.db import models

from .case import Case

HEADS = ("principal_fen", "interest_fen", "overdue_interest_fen", "penalty_fen", "cost_fen")


class Heads(models.Model):
    """The five heads of a balance, in fen, as of a date."""

    principal_fen = models.BigIntegerField()
    interest_fen = models.BigIntegerField(default=0)
    overdue_interest_fen = models.BigIntegerField(default=0)
    penalty_fen = models.BigIntegerField(default=0)
    cost_fen = models.BigIntegerField(default=0)
    as_of = models.DateField()

    class Meta:
        abstract = True

    @property
    def total_fen(self) -> int:
        return sum(getattr(self, head) for head in HEADS)


class Debt(Heads):
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="debt")
    original_fen = models.BigIntegerField(
        null=True, blank=True, help_text="the sum that was lent; not every file says it"
    )
    formed_on = models.DateField(null=True, blank=True, help_text="first day of the month where the file gives no day")
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    annual_rate_ppm = models.PositiveIntegerField(default=0)
    instalment_fen = models.BigIntegerField(null=True, blank=True)
    paid_fen = models.BigIntegerField(null=True, blank=True)
    due_since = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    principal_fen__gte=0,
                    interest_fen__gte=0,
                    overdue_interest_fen__gte=0,
                    penalty_fen__gte=0,
                    cost_fen__gte=0,
                ),
                name="no_head_below_zero",
            )
        ]


class FormerBalance(Heads):
    """A balance that a newer file replaced."""

    debt = models.ForeignKey(Debt, on_delete=models.PROTECT, related_name="former")
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey("fieldvisit.ImportRun", null=True, on_delete=models.PROTECT, related_name="+")

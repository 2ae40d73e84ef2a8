"""What was done beside visits: contacts, what was promised, and what was corrected about how somebody is reached."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .case import Case, Party
from .event import Event
from .visit import Visit


class Channel(models.TextChoices):
    CALL = "call", _("Telephone call")
    MESSAGE = "message", _("Message")
    LETTER = "letter", _("Letter")
    OFFICE = "office", _("He came to us")


class Answer(models.TextChoices):
    REACHED = "reached", _("Talked with the debtor")
    NO_ANSWER = "no_answer", _("No answer")
    ANOTHER = "another", _("Somebody else answered; nothing was said of the debt")
    REFUSED = "refused", _("He does not want to talk")
    WRONG = "wrong", _("Not his number or address")


class Way(models.TextChoices):
    TRANSFER = "transfer", _("Bank transfer")
    APP = "app", _("The creditor's app")
    COUNTER = "counter", _("At the creditor's counter")


class Property(models.TextChoices):
    NAME = "name", _("Spelling of the name")
    MOBILE = "mobile", _("Telephone number")
    ADDRESS = "address", _("Home address")


class FromField(models.Model):
    """A row that one event of a collector made, at a visit or beside one."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="%(class)ss")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="corrected time of capture")

    class Meta:
        abstract = True


class Contact(FromField):
    """contact.made: a call, a message or a letter beside a visit. Without an event the office wrote it down."""

    event = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    outcome = models.CharField(max_length=12, choices=Answer.choices)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="contacts_by_case")]


class Promise(FromField):
    """promise.made: what he said he would pay, when and how. A word of his, no agreement."""

    amount_fen = models.BigIntegerField()
    on = models.DateField()
    way = models.CharField(max_length=8, choices=Way.choices)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "on"], name="promises_by_day")]
        constraints = [models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="a_promise_is_of_something")]


class ContactChange(models.Model):
    """One property of one person, before and after: by the office, or as a collector asked for (`event`).

    Rows are only added: the history of who wrote what stays, whatever stands in the case today.
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="changes")
    property = models.CharField(max_length=8, choices=Property.choices)
    before = models.CharField(max_length=400, blank=True)
    after = models.CharField(max_length=400)
    event = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["party", "at"], name="changes_by_party")]

"""What a phone sends again because it heard no answer. A phone seals an event once: the SHA-256 of its envelope tells a
repeat, and nothing is opened again. Any other envelope is opened, and judged by what lies in it."""

from uuid import UUID

from .incoming import sent_hash
from .models import Device, Photo, Receipt, Recording

ITEM = {"event_id", "type", "envelope"}
# whose content may have come while nobody looked at it: handlers.blob_arrived
FILES = {"visit.photo/1": Photo, "visit.recording/1": Recording}


def answered(items: list, *, device: Device) -> tuple[dict[int, bytes], set[str]]:
    """({place: the stored receipt}, content of theirs that was not taken in). One query, one more for files."""
    asked = {place: UUID(item["event_id"]) for place, item in enumerate(items) if _is_item(item)}
    if not asked:
        return {}, set()
    # the latest revision counts, which may be a person's decision; the first one knows the envelope
    known, latest = {}, {}
    receipts = Receipt.objects.filter(event__in=set(asked.values())).order_by("rev")
    for event_id, kind, sent, by, body in receipts.values_list(
        "event_id", "event__type", "sent_sha256", "device_id", "body"
    ):
        latest[event_id] = body
        if sent and by == device.pk:
            known[event_id] = kind, sent
    answers = {
        place: bytes(latest[event_id])
        for place, event_id in asked.items()
        if known.get(event_id) == (items[place]["type"], sent_hash(items[place]["envelope"]))
    }
    waiting = set()
    for kind, model in FILES.items():
        ids = {asked[place] for place in answers if items[place]["type"] == kind}
        if ids:
            waiting |= set(model.objects.filter(event__in=ids, taken_in_at=None).values_list("sha256", flat=True))
    return answers, waiting - {""}


def _is_item(item) -> bool:
    """Worth asking for; intake says what is wrong with the others."""
    if not isinstance(item, dict) or set(item) != ITEM or not all(isinstance(value, str) for value in item.values()):
        return False
    try:
        return str(UUID(item["event_id"])) == item["event_id"] and item["envelope"].isascii()
    except ValueError:
        return False

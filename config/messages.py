"""Translations by Babel, so that no gettext binaries are needed: `python config/messages.py compile|collect|check`.

English is the msgid; the Chinese is written in `locale/zh_Hans/LC_MESSAGES/django.po`. `collect` brings that file up to
date with the code; `compile` makes the .mo files; `check` fails naming what has no translation, and translations whose
%(placeholders)s differ from the English.
"""

import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CHINESE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None}
KEYWORDS |= {"ngettext": (1, 2), "ngettext_lazy": (1, 2)}
KEYWORDS |= {"pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
# A fixed date keeps the file the same whoever writes it.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def catalog():
    return read_po(CHINESE.open("rb"), locale="zh_Hans_CN") if CHINESE.exists() else empty()


def empty():
    return Catalog(locale="zh_Hans_CN", project="Fieldvisit", creation_date=EPOCH, revision_date=EPOCH, fuzzy=False)


def compile_all():
    """Every .po that is newer than its .mo."""
    for po in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source, mo.open("wb") as target:
            write_mo(target, read_po(source))
        print(f"compiled {po.relative_to(ROOT)}")


def collect():
    """Brings the .po up to date: new sentences come in without Chinese, those that nobody says any more go out."""
    before, now = catalog(), empty()
    for context, english, _path in used():
        found = before.get(english, context)
        now.add(english, found.string if found else "", context=context)
    with CHINESE.open("wb") as file:
        write_po(file, now, sort_output=True, no_location=True, width=120)
    left = sum(not message.string for message in now if message.id)
    print(f"{len(now)} sentences in {CHINESE.relative_to(ROOT)}, {left} without Chinese")


def used():
    """Yields (context, English, file) for every translatable sentence of Python and of the templates."""
    import django
    from django.conf import settings

    settings.configure(USE_I18N=True)
    django.setup()
    from django.utils.translation.template import templatize

    for folder in ("fieldvisit", "agreements", "config"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from extracted(path.read_bytes(), path)
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt"}:
            yield from extracted(templatize(path.read_text(), origin=str(path)).encode(), path)


def extracted(source, path):
    for _line, message, _comments, context in extract("python", BytesIO(source), keywords=KEYWORDS):
        yield context, message[0] if isinstance(message, tuple) else message, path.relative_to(ROOT)


def placeholders(text):
    return set(re.findall(r"%\(\w+\)[sd]", text))


def check():
    """Returns the number of sentences that fail, and prints each."""
    known, wrong = catalog(), {}
    for context, english, path in used():
        found = known.get(english, context)
        chinese = found.string if found else ""
        chinese = chinese if isinstance(chinese, str) else "".join(chinese)
        if english and not chinese:
            wrong[english] = f"{path}: no Chinese for {english!r}"
        elif placeholders(english) != placeholders(chinese):
            wrong[english] = f"{path}: other placeholders in the Chinese of {english!r}"
    print("\n".join(wrong.values()) or "Every sentence has its Chinese.")
    return len(wrong)


if __name__ == "__main__":
    commands = {"compile": compile_all, "collect": collect, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    sys.exit(1 if commands[sys.argv[1]]() else 0)

"""The names that are there already are spelt, some thousands at a time."""

from django.db import migrations

from fieldvisit import spelling

AT_ONCE = 2000


def spell(apps, schema_editor):
    Party = apps.get_model("fieldvisit", "Party")
    rows = []
    for row in Party.objects.only("pk", "name").iterator(chunk_size=AT_ONCE):
        row.pinyin, row.initials = spelling.whole(row.name), spelling.initials(row.name)
        rows.append(row)
        if len(rows) == AT_ONCE:
            Party.objects.bulk_update(rows, ["pinyin", "initials"], batch_size=200)
            rows = []
    Party.objects.bulk_update(rows, ["pinyin", "initials"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("fieldvisit", "0028_pinyin")]
    operations = [migrations.RunPython(spell, migrations.RunPython.noop)]

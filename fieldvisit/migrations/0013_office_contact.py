"""A contact that the office writes down has no event. SQLite makes the table anew, so its triggers are made anew too."""

import django.db.models.deletion
from django.db import migrations, models

TABLE = "fieldvisit_contact"


def guard(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for verb in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE}
                BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
            params=None,
        )


class Migration(migrations.Migration):
    dependencies = [("fieldvisit", "0012_sent_hash")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard),  # the way back ends here
        migrations.AlterField(
            model_name="contact",
            name="event",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fieldvisit.event"
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]

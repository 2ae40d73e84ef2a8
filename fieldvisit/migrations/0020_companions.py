"""How the second collector was confirmed (insert only), calls for help, and by when a word from the door is due."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "fieldvisit_companion"


def insert_only(apps, schema_editor):
    """As in 0002 for the record."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE}
                FOR EACH ROW EXECUTE FUNCTION fieldvisit_append_only()""", params=None)
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE}
                FOR EACH STATEMENT EXECUTE FUNCTION fieldvisit_append_only()""", params=None)
        return
    for verb in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE}
                BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""", params=None)


def from_phone():
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("at", models.DateTimeField(help_text="corrected time of capture")),
        ("event", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                       to="fieldvisit.event")),
        ("visit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss",
                                    to="fieldvisit.visit")),
    ]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("fieldvisit", "0019_training")]
    operations = [
        migrations.AddField(
            model_name="visit",
            name="check_by",
            field=models.DateTimeField(
                blank=True, help_text="by when the one at the door gives a word", null=True
            ),
        ),
        migrations.CreateModel(
            name="Companion",
            fields=[
                *from_phone(),
                ("way", models.CharField(
                    choices=[("phone", "confirmed on his own phone"), ("code", "shown by the code from his own phone")],
                    max_length=8)),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                           to=settings.AUTH_USER_MODEL)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="HelpCall",
            fields=[
                *from_phone(),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("answered_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT,
                                                  related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(insert_only, migrations.RunPython.noop),
    ]  # fmt: skip

"""The order of a day, wishes for an hour, and visits that were put off. The first and the last take INSERT only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("fieldvisit_dayorder", "fieldvisit_putoff")
PROTECT = {"on_delete": django.db.models.deletion.PROTECT}
USER = {"to": settings.AUTH_USER_MODEL, **PROTECT}
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def guard(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
                    params=None,
                )
        else:
            for name, when in (("change", "UPDATE OR DELETE"), ("truncate", "TRUNCATE")):
                each = "ROW" if name == "change" else "STATEMENT"
                schema_editor.execute(
                    f"""CREATE TRIGGER {table}_no_{name} BEFORE {when} ON {table}
                        FOR EACH {each} EXECUTE FUNCTION fieldvisit_append_only()""",
                    params=None,
                )


class Migration(migrations.Migration):
    dependencies = [("fieldvisit", "0014_creditor_change")]
    operations = [
        migrations.AddField("visit", "wish_from", models.TimeField(blank=True, null=True)),
        migrations.AddField("visit", "wish_until", models.TimeField(blank=True, null=True)),
        migrations.AddField(
            "visit",
            "put_off_at",
            models.DateTimeField(blank=True, help_text="not made, and no new day yet", null=True),
        ),
        migrations.CreateModel(
            name="DayOrder",
            fields=[
                ID,
                ("on", models.DateField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("solver", "put in order by the program"),
                            ("nearest", "always to the nearest next door"),
                            ("desk", "moved in the office"),
                            ("phone", "moved on the phone"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("e-bike", "E-bike"),
                            ("bicycle", "Bicycle"),
                            ("walk", "On foot"),
                            ("transit", "Bus and underground"),
                            ("car", "Car"),
                        ],
                        default="e-bike",
                        max_length=8,
                    ),
                ),
                ("order", models.JSONField(help_text="ids of visits")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(null=True, related_name="+", **USER)),
                ("collector", models.ForeignKey(related_name="day_orders", **USER)),
                ("event", models.OneToOneField(null=True, related_name="+", to="fieldvisit.event", **PROTECT)),
            ],
            options={"indexes": [models.Index(fields=["collector", "on"], name="orders_by_day")]},
        ),
        migrations.CreateModel(
            name="PutOff",
            fields=[
                ID,
                ("at", models.DateTimeField(help_text="corrected time of capture")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("asked", "He asked for another day"),
                            ("no_time", "No time left today"),
                            ("no_way", "The way was not possible (weather, traffic)"),
                            ("alone", "The second collector was missing"),
                            ("rule", "A rule was in the way"),
                            ("other", "Something else"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("new_on", models.DateField(null=True)),
                ("by", models.ForeignKey(related_name="+", **USER)),
                ("case", models.ForeignKey(related_name="%(class)ss", to="fieldvisit.case", **PROTECT)),
                ("event", models.OneToOneField(related_name="+", to="fieldvisit.event", **PROTECT)),
                (
                    "visit",
                    models.ForeignKey(null=True, related_name="%(class)ss", to="fieldvisit.visit", **PROTECT),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]

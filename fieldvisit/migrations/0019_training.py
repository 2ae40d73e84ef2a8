"""Who has read which training card. Evidence: the database takes INSERT only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "fieldvisit_cardread"
SAYS = "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            name = f"{TABLE}_no_{verb.lower()}"
            schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} {SAYS}", params=None)
        return
    for name, verbs, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT")):
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_{name} BEFORE {verbs} ON {TABLE} "
            f"FOR EACH {each} EXECUTE FUNCTION fieldvisit_append_only()",
            params=None,
        )


def drop(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    names, on = (("change", "truncate"), f" ON {TABLE}") if postgres else (("update", "delete"), "")
    for name in names:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{name}{on}")


def key(to, name="+", **more):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, **more)


class Migration(migrations.Migration):
    dependencies = [("fieldvisit", "0018_imports")]
    operations = [
        migrations.CreateModel(
            name="CardRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("card", models.CharField(max_length=32)),
                (
                    "version",
                    models.CharField(help_text="of the card and of the rules it names: rules/cards.py", max_length=32),
                ),
                ("at", models.DateTimeField(help_text="corrected time of capture")),
                (
                    "event",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fieldvisit.event"
                    ),
                ),
                ("user", key(settings.AUTH_USER_MODEL, "cards_read")),
            ],
            options={"indexes": [models.Index(fields=["user", "card"], name="cards_by_reader")]},
        ),
        migrations.RunPython(create, drop),
    ]

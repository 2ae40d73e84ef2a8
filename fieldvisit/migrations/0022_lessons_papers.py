"""Lessons from finished cases, and papers that were shown. The latter are evidence: the database takes INSERT only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLE = "fieldvisit_paper"
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
    dependencies = [("fieldvisit", "0021_letters")]
    operations = [
        migrations.CreateModel(
            name="Lesson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("strategy", models.CharField(help_text="id in rules/playbook.toml", max_length=32)),
                ("good", models.BooleanField()),
                ("title", models.CharField(max_length=80)),
                ("story", models.TextField()),
                ("lesson", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("by", key(settings.AUTH_USER_MODEL)),
                ("case", key("fieldvisit.case", "lessons")),
                ("withdrawn_by", key(settings.AUTH_USER_MODEL, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(help_text="corrected time of capture")),
                ("kind", models.CharField(max_length=16)),
                ("on", models.DateField(help_text="the day of the report, the last day of the statement")),
                ("figures", models.JSONField(help_text="{item: fen or number}")),
                ("photo", models.CharField(blank=True, help_text="SHA-256 of the photo of it", max_length=64)),
                ("by", key(settings.AUTH_USER_MODEL)),
                ("case", key("fieldvisit.case", "%(class)ss")),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fieldvisit.event"
                    ),
                ),
                ("visit", key("fieldvisit.visit", "%(class)ss", null=True)),
            ],
            options={"indexes": [models.Index(fields=["case", "at"], name="papers_by_case")]},
        ),
        migrations.RunPython(create, drop),
    ]

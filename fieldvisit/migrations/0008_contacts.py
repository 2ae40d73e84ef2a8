"""Contacts, promises and corrected contact data. All three are evidence: the database takes INSERT only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("fieldvisit_contact", "fieldvisit_promise", "fieldvisit_contactchange")


def create(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        if sqlite:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
                    params=None,
                )
        else:
            schema_editor.execute(
                f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION fieldvisit_append_only()""",
                params=None,
            )
            schema_editor.execute(
                f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                    FOR EACH STATEMENT EXECUTE FUNCTION fieldvisit_append_only()""",
                params=None,
            )


def drop(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        names, on = (("change", "truncate"), f" ON {table}") if postgres else (("update", "delete"), "")
        for name in names:
            schema_editor.execute(f"DROP TRIGGER {table}_no_{name}{on}")


WHO = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+"}


def from_field():
    """The columns that a row from the field has."""
    protect = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "%(class)ss"}
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("at", models.DateTimeField(help_text="corrected time of capture")),
        ("case", models.ForeignKey(to="fieldvisit.case", **protect)),
        ("visit", models.ForeignKey(null=True, to="fieldvisit.visit", **protect)),
        ("event", models.OneToOneField(to="fieldvisit.event", **WHO)),
        ("by", models.ForeignKey(to=settings.AUTH_USER_MODEL, **WHO)),
    ]


class Migration(migrations.Migration):
    dependencies = [("fieldvisit", "0007_enrolment")]
    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                *from_field(),
                (
                    "channel",
                    models.CharField(
                        max_length=8,
                        choices=[
                            ("call", "Telephone call"),
                            ("message", "Message"),
                            ("letter", "Letter"),
                            ("office", "He came to us"),
                        ],
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        max_length=12,
                        choices=[
                            ("reached", "Talked with the debtor"),
                            ("no_answer", "No answer"),
                            ("another", "Somebody else answered; nothing was said of the debt"),
                            ("refused", "He does not want to talk"),
                            ("wrong", "Not his number or address"),
                        ],
                    ),
                ),
                ("text", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["case", "at"], name="contacts_by_case")],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                *from_field(),
                ("amount_fen", models.BigIntegerField()),
                ("on", models.DateField()),
                (
                    "way",
                    models.CharField(
                        max_length=8,
                        choices=[
                            ("transfer", "Bank transfer"),
                            ("app", "The creditor's app"),
                            ("counter", "At the creditor's counter"),
                        ],
                    ),
                ),
                ("text", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["case", "on"], name="promises_by_day")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="a_promise_is_of_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "property",
                    models.CharField(
                        max_length=8,
                        choices=[
                            ("name", "Spelling of the name"),
                            ("mobile", "Telephone number"),
                            ("address", "Home address"),
                        ],
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=400)),
                ("after", models.CharField(max_length=400)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(to=settings.AUTH_USER_MODEL, **WHO)),
                ("event", models.OneToOneField(null=True, to="fieldvisit.event", **WHO)),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="fieldvisit.party"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["party", "at"], name="changes_by_party")]},
        ),
        migrations.RunPython(create, drop),
    ]

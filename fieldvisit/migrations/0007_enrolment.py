"""A phone costs a code. Phones that were enrolled before stay what they are, with nothing said of code or key."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "fieldvisit_deviceconsent"

SQLITE = [
    f"""CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'what was declared is append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
# the function is migration 0002's
POSTGRES = [
    f"""CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION fieldvisit_append_only()""",
    f"""CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION fieldvisit_append_only()""",
]


def create(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRES}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("fieldvisit", "0006_hold_message")]

    operations = [
        migrations.AddField(
            model_name="device",
            name="keeps",
            field=models.CharField(
                blank=True,
                choices=[
                    ("browser", "key kept by the browser"),
                    ("pin", "key under the PIN only"),
                    ("memory", "online only, keeps nothing"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="device",
            name="passkey",
            field=models.BooleanField(
                null=True, help_text="asked for beside the PIN; null: enrolled before that was said"
            ),
        ),
        migrations.CreateModel(
            name="DeviceConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=16)),
                ("version", models.CharField(max_length=16)),
                ("language", models.CharField(max_length=8)),
                ("text", models.TextField(help_text="as it stood on the phone")),
                ("at", models.DateTimeField()),
                (
                    "device",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent",
                        to="fieldvisit.device",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EnrolmentCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(help_text="HMAC-SHA256 under SECRET_KEY: enrolment.py", max_length=64)),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="wrong codes typed by this user while it was open"
                    ),
                ),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "device",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolment",
                        to="fieldvisit.device",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolment_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("device", None), ("used_at", None))
                        | models.Q(("device__isnull", False), ("used_at__isnull", False)),
                        name="a_used_code_names_its_phone",
                    )
                ],
            },
        ),
        migrations.RunPython(create, migrations.RunPython.noop),
    ]

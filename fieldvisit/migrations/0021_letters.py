"""Letters of the office and their delivery: INSERT only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLES = ("fieldvisit_letter", "fieldvisit_letterdelivery")


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
            for name, when, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT")):
                schema_editor.execute(
                    f"""CREATE TRIGGER {table}_no_{name} BEFORE {when} ON {table}
                        FOR EACH {each} EXECUTE FUNCTION fieldvisit_append_only()""",
                    params=None,
                )


class Migration(migrations.Migration):

    dependencies = [
        ('fieldvisit', '0020_companions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('visit-notice', 'Notice of visit'), ('overdue-notice', 'Notice of overdue payment'), ('authorisation', 'Authorisation of the two collectors'), ('documents-receipt', 'Receipt of documents')], max_length=20)),
                ('number', models.CharField(max_length=32, unique=True)),
                ('text', models.TextField(blank=True, help_text='what was typed')),
                ('found', models.JSONField(default=list, help_text='what the words were warned of, and he let stand')),
                ('pdf', models.FileField(max_length=200, upload_to='')),
                ('pdf_sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='fieldvisit.case')),
            ],
        ),
        migrations.CreateModel(
            name='LetterDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('post', 'Registered post'), ('courier', 'Courier'), ('handed', 'Handed over in person'), ('returned', 'Came back undelivered')], max_length=8)),
                ('on', models.DateField()),
                ('reference', models.CharField(blank=True, help_text='number of the item, or who took it', max_length=120)),
                ('proof', models.FileField(blank=True, max_length=200, upload_to='')),
                ('proof_sha256', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='fieldvisit.letter')),
            ],
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['case', 'at'], name='letters_by_case'),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]

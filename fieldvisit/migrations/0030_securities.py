"""What secures a debt and what went to court: INSERT only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLES = ("fieldvisit_security", "fieldvisit_courthandover")


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
        ('fieldvisit', '0029_spell_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='CourtHandover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.CharField(help_text='who took it', max_length=120)),
                ('papers', models.JSONField(help_text='{paper: "found" | "by hand" | "missing"}')),
                ('reason', models.CharField(blank=True, help_text='why although something is missing', max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='court_handovers', to='fieldvisit.case')),
            ],
        ),
        migrations.CreateModel(
            name='Security',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gone', models.BooleanField(default=False, help_text='it secures no more')),
                ('kind', models.CharField(choices=[('home', 'Home or land'), ('vehicle', 'Vehicle'), ('goods', 'Goods or machines'), ('claim', 'Account, shares or a claim'), ('guarantee', 'Guarantee by a person or firm')], max_length=12)),
                ('what', models.CharField(help_text='the thing, or who guarantees', max_length=200)),
                ('mode', models.CharField(blank=True, choices=[('', 'not known'), ('mortgage', 'mortgage'), ('pledge', 'pledge'), ('general', 'general guarantee'), ('joint', 'joint guarantee')], max_length=12)),
                ('scope', models.CharField(blank=True, help_text='what it secures', max_length=200)),
                ('value_fen', models.BigIntegerField(null=True)),
                ('source', models.CharField(blank=True, help_text='who valued it', max_length=80)),
                ('valued_on', models.DateField(null=True)),
                ('insured_until', models.DateField(null=True)),
                ('registered_until', models.DateField(null=True)),
                ('seized_until', models.DateField(null=True)),
                ('period_end', models.DateField(help_text='of the guarantee', null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='securities', to='fieldvisit.case')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='fieldvisit.security')),
            ],
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]

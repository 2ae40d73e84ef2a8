"""How many places of a photo the collector filled before he kept it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fieldvisit', '0026_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='photo',
            name='covered',
            field=models.PositiveSmallIntegerField(default=0, help_text='places that the collector filled in it'),
        ),
    ]

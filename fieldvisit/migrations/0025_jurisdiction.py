"""Whose rules of conduct stand for a case."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fieldvisit', '0024_reading'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='jurisdiction',
            field=models.CharField(default='cn', max_length=8),
        ),
    ]

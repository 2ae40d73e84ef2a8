"""The reasons for a pause that a stop at the door brings. Choices only: no table is changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fieldvisit", "0016_score")]
    operations = [
        migrations.AlterField(
            model_name="hold",
            name="reason",
            field=models.CharField(
                max_length=12,
                choices=[
                    ("paid", "He says that it is paid"),
                    ("dispute", "He disputes the debt"),
                    ("complaint", "Complaint"),
                    ("illness", "Illness, or somebody has died"),
                    ("moved", "He has moved away"),
                    ("wish", "He asks for time"),
                    ("legal", "Court, insolvency or another stop by law"),
                    ("leave", "We were asked to leave"),
                    ("distress", "He is in distress"),
                    ("vulnerable", "He cannot look after himself alone"),
                    ("danger", "Threat or danger at the door"),
                    ("other", "Another reason"),
                ],
            ),
        ),
    ]

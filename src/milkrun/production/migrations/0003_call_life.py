from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("production", "0002_whole_production"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="priority",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]

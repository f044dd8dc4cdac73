from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only_and_never_forks"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="state",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]

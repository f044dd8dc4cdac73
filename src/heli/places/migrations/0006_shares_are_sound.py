"""The old ten-thousandths go; a share is a part of a base, or both are unknown."""

from django.db import migrations, models
from django.db.models import F, Q


def _sound(name: str) -> models.CheckConstraint:
    part, base = f"{name}_part", f"{name}_of"
    known = {f"{part}__isnull": False, f"{base}__isnull": False, f"{part}__gte": 0, f"{base}__gte": 1}
    return models.CheckConstraint(
        condition=Q(**{f"{part}__isnull": True, f"{base}__isnull": True}) | Q(**known, **{f"{part}__lte": F(base)}),
        name=f"link_{name}_share_sound",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0005_exact_shares"),
    ]

    operations = [
        migrations.RemoveConstraint("lineagelink", "link_share_at_most_whole"),
        migrations.RemoveField("lineagelink", "population_bp"),
        migrations.RemoveField("lineagelink", "area_bp"),
        migrations.AddConstraint("lineagelink", _sound("population")),
        migrations.AddConstraint("lineagelink", _sound("area")),
    ]

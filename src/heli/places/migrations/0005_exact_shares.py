"""Shares are kept as what was counted; the old ten-thousandths become parts of 10,000, the whole one of one.

PostgreSQL changes a table only in another transaction than its rows: the old columns go in the next migration.
"""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def _columns(name: str) -> list[Any]:
    return [
        migrations.AddField("lineagelink", f"{name}_{end}", models.BigIntegerField(null=True, default=1))
        for end in ("part", "of")
    ]


def _convert(apps: Any, _editor: Any) -> None:
    links = apps.get_model("places", "LineageLink").objects
    for name in ("population", "area"):
        divided = links.exclude(**{f"{name}_bp": 10_000})
        divided.update(**{f"{name}_part": F(f"{name}_bp"), f"{name}_of": 10_000})


def _convert_back(apps: Any, editor: Any) -> None:
    """As near as ten-thousandths come; an unknown share has none."""
    links = apps.get_model("places", "LineageLink").objects
    for name in ("population", "area"):
        known = links.filter(**{f"{name}_of__gte": 1})
        known.update(**{f"{name}_bp": F(f"{name}_part") * 10_000 / F(f"{name}_of")})
    if editor.connection.vendor == "postgresql":
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the columns could not go in this transaction


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0004_fact_recorded_at"),
    ]

    operations = [
        *_columns("population"),
        *_columns("area"),
        migrations.RunPython(_convert, _convert_back),
    ]

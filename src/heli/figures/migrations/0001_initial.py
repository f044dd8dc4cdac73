import django.db.models.deletion
from django.db import migrations, models

import heli.kernel.db


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bodies", "0001_bodies_persons_links"),
        ("campaigns", "0001_initial"),
        ("places", "0004_fact_recorded_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("kind", models.CharField(max_length=10)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                ("is_sample", models.BooleanField(default=False)),
                ("taken_by", models.CharField(max_length=150)),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("district", "kind", "on"), name="snapshot_once_per_day"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["daily", "weekly", "interim", "yearbook"])),
                        name="snapshot_kind_known",
                    ),
                    heli.kernel.db.AppendOnly(name="snapshot_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SnapshotValues",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("content", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("content", ""), _negated=True), name="snapshot_values_not_empty"
                    ),
                    heli.kernel.db.AppendOnly(name="snapshot_values_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportedFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("on", models.DateField()),
                ("title", models.CharField(max_length=120)),
                ("text", models.CharField(max_length=60)),
                ("figure", models.CharField(blank=True, max_length=80)),
                ("claim", models.JSONField(default=dict)),
                ("flags", models.JSONField(default=list)),
                ("document", models.CharField(blank=True, max_length=200)),
                ("entered_by", models.CharField(max_length=150)),
                ("entered_at", models.DateTimeField()),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
            options={
                "ordering": ["-entered_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                        ),
                        name="reported_figure_says_something",
                    ),
                    heli.kernel.db.AppendOnly(name="reported_figure_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("kind", models.CharField(max_length=10)),
                ("recipient", models.CharField(max_length=10)),
                ("recipient_key", models.CharField(max_length=24)),
                ("language", models.CharField(max_length=10)),
                ("content", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("pack_id", models.CharField(max_length=60)),
                ("pack_version", models.PositiveIntegerField()),
                ("pack_sha256", models.CharField(max_length=64)),
                ("is_sample", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=150)),
                (
                    "body",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.body"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "week",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.frozenweek",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="figures.snapshot"
                    ),
                ),
            ],
            options={
                "ordering": ["-snapshot__on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "snapshot", "kind", "recipient_key", "language"),
                        name="report_once_per_recipient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["weekly", "interim", "yearbook"])), name="report_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recipient__in", ["district", "town", "leader"])),
                        name="report_recipient_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body__isnull", False), ("person__isnull", True), ("recipient", "leader")),
                            models.Q(("body__isnull", True), ("person__isnull", False), ("recipient", "leader")),
                            models.Q(
                                models.Q(("recipient", "leader"), _negated=True),
                                ("body__isnull", True),
                                ("person__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="report_leader_is_body_or_person",
                    ),
                    models.CheckConstraint(condition=models.Q(("content", ""), _negated=True), name="report_not_empty"),
                    heli.kernel.db.AppendOnly(name="report_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SnapshotFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("figure", models.CharField(max_length=80)),
                ("version", models.PositiveIntegerField()),
                (
                    "snapshot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="figures.snapshot",
                    ),
                ),
                (
                    "values",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="figures.snapshotvalues"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "figure"), name="snapshot_figure_once"),
                    models.CheckConstraint(condition=models.Q(("version__gt", 0)), name="snapshot_figure_versioned"),
                    heli.kernel.db.AppendOnly(name="snapshot_figure_append_only"),
                ],
            },
        ),
    ]

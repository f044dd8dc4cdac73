import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import heli.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("places", "0004_fact_recorded_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(default=heli.kernel.ids.new_public_id, max_length=12, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mail", "mail"),
                            ("wecom", "wecom"),
                            ("dingtalk", "dingtalk"),
                            ("feishu", "feishu"),
                            ("webhook", "webhook"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60)),
                ("sealed", models.TextField(blank=True)),
                ("address_digest", models.CharField(blank=True, max_length=64)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "place",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("user__isnull", True), ("place__isnull", True), _connector="XOR"),
                        name="channel_has_one_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["mail", "wecom", "dingtalk", "feishu", "webhook"])),
                        name="channel_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                models.Q(("sealed", ""), _negated=True),
                                models.Q(("address_digest", ""), _negated=True),
                            ),
                            models.Q(("address_digest", ""), ("ended_at__isnull", False), ("sealed", "")),
                            _connector="OR",
                        ),
                        name="channel_address_gone_with_its_end",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("user", "address_digest"),
                        name="channel_once_per_user",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("place", "address_digest"),
                        name="channel_once_per_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(default=heli.kernel.ids.new_public_id, max_length=12, unique=True)),
                ("day", models.DateField()),
                ("half", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "day", "half"), name="digest_once_per_half_day"),
                    models.CheckConstraint(condition=models.Q(("half__in", [0, 1])), name="digest_half_of_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pattern", models.CharField(max_length=80)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("intended", "intended"),
                            ("at_once", "at_once"),
                            ("digest", "digest"),
                            ("off", "off"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "pattern"), name="subscription_once_per_pattern"),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["intended", "at_once", "digest", "off"])),
                        name="subscription_how_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(default=heli.kernel.ids.new_public_id, max_length=12, unique=True)),
                ("kind", models.CharField(max_length=80)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("intended", "intended"),
                            ("at_once", "at_once"),
                            ("digest", "digest"),
                            ("off", "off"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("link", models.CharField(blank=True, max_length=300)),
                ("about", models.CharField(blank=True, max_length=120)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "digest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gathered",
                        to="notices.digest",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("how", "at_once")), fields=["user", "-created_at"], name="notice_inbox"
                    ),
                    models.Index(
                        condition=models.Q(("how", "at_once"), ("read_at__isnull", True)),
                        fields=["user"],
                        name="notice_unread",
                    ),
                    models.Index(
                        condition=models.Q(("digest__isnull", True), ("how", "digest")),
                        fields=["user"],
                        name="notice_gathering",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["at_once", "digest"])), name="notice_is_sent_somehow"
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="notice_has_title"),
                    models.CheckConstraint(
                        condition=models.Q(("digest__isnull", True), ("how", "digest"), _connector="OR"),
                        name="notice_gathered_only_for_a_digest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("link", ""), ("link__startswith", "/"), _connector="OR"),
                        name="notice_links_inside",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("digest__isnull", True), ("how", "digest")),
                        fields=("user", "kind", "about", "title"),
                        name="notice_gathers_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(default=heli.kernel.ids.new_public_id, max_length=12, unique=True)),
                ("key", models.CharField(max_length=120)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("file_ids", models.JSONField(default=list)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "sending"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("given_up", "given_up"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("said", models.CharField(blank=True, max_length=200)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="notices.channel"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notices.notice"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="delivery_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "key"), name="delivery_once_per_message"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_at__isnull", False), ("outcome__in", ["waiting", "sending", "failed"])),
                            models.Q(("next_at__isnull", True), ("outcome__in", ["sent", "given_up", "withdrawn"])),
                            _connector="OR",
                        ),
                        name="delivery_next_try_while_open",
                    ),
                ],
            },
        ),
    ]

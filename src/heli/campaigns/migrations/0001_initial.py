import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import heli.campaigns.models.papers
import heli.campaigns.types
import heli.campaigns.types_matters
import heli.kernel.db


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("bodies", "0001_bodies_persons_links"),
        ("files", "0002_uploads"),
        ("places", "0004_fact_recorded_at"),
        ("planning", "0002_who_asked_for_a_run"),
    ]

    operations = [
        migrations.CreateModel(
            name="LocalTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("number", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("uploaded_by", models.CharField(max_length=150)),
                ("uploaded_at", models.DateTimeField()),
                ("superseded_by", models.CharField(blank=True, max_length=150)),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "district",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("district", "key", "number"), name="local_template_numbered_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("district", "key"),
                        name="local_template_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True), models.Q(("sha256", ""), _negated=True)
                        ),
                        name="local_template_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("superseded_at__isnull", True), ("superseded_by", "")),
                            models.Q(("superseded_at__isnull", False), models.Q(("superseded_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="local_template_superseded_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PinnedPlaybook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("pinned_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("text", ""), _negated=True), models.Q(("key", ""), _negated=True)),
                        name="playbook_has_text",
                    ),
                    heli.kernel.db.AppendOnly(name="playbook_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deputy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("appointed_by", models.CharField(max_length=150)),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="deputy_period_forward",
                        violation_error_code="period_backward",
                        violation_error_message="The period must end after it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("principal", models.F("deputy")), _negated=True), name="deputy_is_another"
                    ),
                    heli.kernel.db.PeriodsDoNotOverlap(
                        end="valid_to", fields=("principal",), name="deputy_one_at_a_time", start="valid_from"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("status", models.CharField(default=heli.campaigns.types.CampaignStatus["RUNNING"], max_length=10)),
                ("starts_on", models.DateField()),
                ("fixed_on", models.DateField(null=True)),
                ("windows", models.JSONField(default=dict)),
                ("is_sample", models.BooleanField(default=False)),
                ("opened_by", models.CharField(max_length=150)),
                ("opened_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "district",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="planning.scenario"
                    ),
                ),
                (
                    "playbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.pinnedplaybook"
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "running", "paused", "finished"])),
                        name="campaign_status_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="campaign_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fixed_on__isnull", True), ("fixed_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="campaign_runs_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", False),
                                ("status", heli.campaigns.types.CampaignStatus["FINISHED"]),
                            ),
                            models.Q(
                                models.Q(("status", heli.campaigns.types.CampaignStatus["FINISHED"]), _negated=True),
                                ("finished_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="campaign_finished_at_a_moment",
                    ),
                    models.UniqueConstraint(fields=("district", "name"), name="campaign_name_once_per_district"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrozenWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("ends_at", models.DateTimeField()),
                ("label", models.CharField(max_length=8)),
                ("pack_id", models.CharField(max_length=60)),
                ("pack_version", models.PositiveIntegerField()),
                ("pack_sha256", models.CharField(max_length=64)),
                ("rules", models.JSONField()),
                ("counts", models.BooleanField()),
                ("why_not", models.CharField(blank=True, max_length=10)),
                ("is_provisional", models.BooleanField(default=False)),
                ("sha256", models.CharField(max_length=64)),
                ("frozen_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ["campaign", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "ends_at"), name="week_frozen_once"),
                    models.UniqueConstraint(fields=("campaign", "number"), name="week_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("counts", True), ("why_not", "")),
                            models.Q(("counts", False), models.Q(("why_not", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="week_says_why_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("frozen_at__gte", models.F("ends_at"))), name="week_frozen_after_its_end"
                    ),
                    heli.kernel.db.AppendOnly(name="week_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("form", models.CharField(max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("fields", models.JSONField()),
                ("on", models.DateField()),
                ("sent_on", models.DateField()),
                ("due_on", models.DateField()),
                ("sent_by", models.CharField(max_length=150)),
                ("sent_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("sent_on"))), name="inquiry_runs_forward"
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="inquiry_has_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("subject", models.CharField(blank=True, max_length=120)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("opened_by", models.CharField(max_length=150)),
                ("opened_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "number"), name="inspection_round_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))), name="inspection_round_runs_forward"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Issue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=16)),
                ("title", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True)),
                ("found_on", models.DateField()),
                ("measures", models.TextField(blank=True)),
                ("due_on", models.DateField(null=True)),
                ("status", models.CharField(default=heli.campaigns.types_matters.IssueStatus["OPEN"], max_length=10)),
                ("claimed_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("opened_by", models.CharField(max_length=150)),
                ("opened_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "leader_body",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.body"
                    ),
                ),
                (
                    "leader_person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["campaign", "status", "due_on"], name="problem_by_due_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "number"), name="problem_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "in_hand", "claimed", "closed"])),
                        name="problem_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["survey", "inspection", "consultation", "meeting", "report"])
                        ),
                        name="problem_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("kind", ""), _negated=True)
                        ),
                        name="problem_has_title_and_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("leader_person__isnull", True), ("leader_body__isnull", True), _connector="OR"
                        ),
                        name="problem_one_leader",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", heli.campaigns.types_matters.IssueStatus["OPEN"]),
                            models.Q(
                                models.Q(
                                    ("leader_person__isnull", False), ("leader_body__isnull", False), _connector="OR"
                                ),
                                ("due_on__isnull", False),
                                ("due_on__gte", models.F("found_on")),
                            ),
                            _connector="OR",
                        ),
                        name="problem_in_hand_is_led",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "status__in",
                                    [
                                        heli.campaigns.types_matters.IssueStatus["CLAIMED"],
                                        heli.campaigns.types_matters.IssueStatus["CLOSED"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            ("claimed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="problem_claimed_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_on__isnull", False),
                                ("status", heli.campaigns.types_matters.IssueStatus["CLOSED"]),
                            ),
                            models.Q(
                                models.Q(("status", heli.campaigns.types_matters.IssueStatus["CLOSED"]), _negated=True),
                                ("closed_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="problem_closed_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_by__isnull", True),
                            ("claimed_by__isnull", True),
                            models.Q(("closed_by", models.F("claimed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="problem_closed_by_a_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyVillage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("tier", models.CharField(max_length=10)),
                ("reasons", models.JSONField()),
                ("points", models.PositiveIntegerField(default=0)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("proposed_by_name", models.CharField(max_length=150)),
                ("proposed_at", models.DateTimeField()),
                ("confirmed_by_name", models.CharField(blank=True, max_length=150)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("ended_reason", models.TextField(blank=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.bodylink"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.body"
                    ),
                ),
            ],
            options={
                "ordering": ["-points", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["city", "district", "town"])), name="key_village_tier_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reasons", []), _negated=True), name="key_village_has_reasons"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="key_village_period_forward",
                        violation_error_code="period_backward",
                        violation_error_message="The period must end after it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="key_village_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="key_village_confirmed_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), models.Q(("ended_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="key_village_ends_with_reason",
                    ),
                    heli.kernel.db.PeriodsDoNotOverlap(
                        end="valid_to",
                        fields=("campaign", "place"),
                        name="key_village_once_at_a_time",
                        start="valid_from",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("held_on", models.DateField()),
                ("sittings", models.PositiveIntegerField(default=1)),
                ("agenda", models.TextField(blank=True)),
                ("minutes", models.TextField(blank=True)),
                ("recorded_by", models.CharField(max_length=150)),
                ("recorded_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "minutes_file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["-held_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("title", ""), _negated=True), ("sittings__gte", 1)),
                        name="meeting_was_held",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=24, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("days", models.PositiveSmallIntegerField()),
                ("least_days", models.PositiveSmallIntegerField()),
                ("takes_opinions", models.BooleanField(default=True)),
                ("posted_by", models.CharField(max_length=150)),
                ("posted_at", models.DateTimeField()),
                ("taken_down_on", models.DateField(null=True)),
                ("taken_down_by", models.CharField(blank=True, max_length=150)),
                ("reason", models.TextField(blank=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "ordering": ["-first_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))), name="notice_runs_forward"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", models.F("least_days"))), name="notice_hangs_long_enough"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(models.Q(("text", ""), _negated=True), ("file__isnull", False), _connector="OR"),
                        ),
                        name="notice_has_content",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("taken_down_on__isnull", True)),
                            models.Q(("taken_down_on__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="notice_taken_down_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("templates", models.JSONField()),
                ("work", models.JSONField()),
                ("given", models.JSONField(default=dict)),
                ("format", models.CharField(max_length=4)),
                ("on", models.DateField()),
                ("state", models.CharField(default=heli.campaigns.models.papers.BatchState["QUEUED"], max_length=10)),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("failures", models.JSONField(default=list)),
                ("failure", models.TextField(blank=True)),
                ("asked_by", models.CharField(max_length=150)),
                ("asked_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "asked_by_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["docx", "pdf"])), name="paper_batch_format_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "running", "done", "failed"])),
                        name="paper_batch_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total__gt", 0), ("done__lte", models.F("total"))),
                        name="paper_batch_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", heli.campaigns.models.papers.BatchState["DONE"]), _negated=True),
                            ("file__isnull", False),
                            _connector="OR",
                        ),
                        name="paper_batch_done_has_archive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", heli.campaigns.models.papers.BatchState["FAILED"]), _negated=True),
                            models.Q(("failure", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="paper_batch_failed_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("reason", models.TextField()),
                ("paused_by", models.CharField(max_length=150)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="pause_runs_forward",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="pause_says_why"),
                    heli.kernel.db.PeriodsDoNotOverlap(
                        end="valid_to", fields=("campaign",), name="pauses_do_not_overlap", start="valid_from"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("topic", models.CharField(max_length=40)),
                ("question", models.TextField()),
                ("answer", models.TextField()),
                ("is_public", models.BooleanField(default=False)),
                ("changed_by", models.CharField(max_length=150)),
                ("changed_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "number"), name="policy_question_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("question", ""), _negated=True), models.Q(("answer", ""), _negated=True)
                        ),
                        name="policy_question_answered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("version", models.PositiveSmallIntegerField()),
                ("pack", models.CharField(max_length=60)),
                ("score", models.PositiveSmallIntegerField(default=0)),
                ("level", models.CharField(default=heli.campaigns.types_matters.RiskLevel["LOW"], max_length=8)),
                ("contingency", models.TextField(blank=True)),
                ("author_name", models.CharField(max_length=150)),
                ("changed_at", models.DateTimeField()),
                ("signed_by_name", models.CharField(blank=True, max_length=150)),
                ("signed_on", models.DateField(null=True)),
                ("sealed_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "contingency_file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["place_id", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "place", "version"), name="risk_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("sealed_at__isnull", True)),
                        fields=("campaign", "place"),
                        name="risk_one_draft_per_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["low", "medium", "high"])), name="risk_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sealed_at__isnull", True), ("signed_by_name", ""), ("signed_on__isnull", True)),
                            models.Q(
                                ("sealed_at__isnull", False),
                                ("signed_on__isnull", False),
                                models.Q(("signed_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="risk_signed_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_by__isnull", True),
                            ("author__isnull", True),
                            models.Q(("signed_by", models.F("author")), _negated=True),
                            _connector="OR",
                        ),
                        name="risk_signed_by_a_second_person",
                    ),
                    heli.kernel.db.SealedOnce(field="sealed_at", name="risk_sealed_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=24, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("intro", models.TextField(blank=True)),
                ("questions", models.JSONField()),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("opened_by", models.CharField(max_length=150)),
                ("opened_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ["-first_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))), name="survey_runs_forward"
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="survey_has_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TalkCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("on", models.DateField()),
                ("done", models.PositiveIntegerField()),
                ("base", models.PositiveIntegerField()),
                ("recorded_by", models.CharField(max_length=150)),
                ("recorded_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["campaign", "place", "kind"], name="talks_by_place")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done__lte", models.F("base")), ("base__gte", 1)), name="talks_within_base"
                    ),
                    heli.kernel.db.AppendOnly(name="talks_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Track",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("per", models.CharField(max_length=10)),
                ("tags", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tracks", to="campaigns.campaign"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="campaigns.track",
                    ),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "place"), name="track_once_per_place"),
                    models.CheckConstraint(
                        condition=models.Q(("per__in", ["district", "town", "village", "successor"])),
                        name="track_per_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("successor__isnull", True), ("ended_at__isnull", False), _connector="OR"),
                        name="track_with_successor_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrozenColour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=10)),
                ("colour", models.CharField(max_length=10)),
                ("days_late", models.PositiveIntegerField()),
                ("worst_key", models.CharField(blank=True, max_length=60)),
                ("open", models.PositiveIntegerField()),
                ("late", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField()),
                (
                    "above",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "week",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="colours",
                        to="campaigns.frozenweek",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("week", "place"), name="colour_once_per_week"),
                    models.CheckConstraint(
                        condition=models.Q(("colour__in", ["green", "yellow", "orange", "red"])), name="colour_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["district", "town", "village"])), name="colour_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("late__lte", models.F("open"))), name="colour_late_among_open"
                    ),
                    heli.kernel.db.AppendOnly(name="colour_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=10)),
                ("p50_on", models.DateField()),
                ("p80_on", models.DateField()),
                ("draws", models.PositiveIntegerField()),
                ("seed", models.BigIntegerField()),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "week",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecasts",
                        to="campaigns.frozenweek",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("week", "place"), name="forecast_once_per_week"),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["district", "town", "village"])), name="forecast_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("p80_on__gte", models.F("p50_on"))), name="forecast_quantiles_ordered"
                    ),
                    heli.kernel.db.AppendOnly(name="forecast_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("text", models.TextField()),
                ("status", models.CharField(default=heli.campaigns.types.ContestStatus["OPEN"], max_length=10)),
                ("contested_by_name", models.CharField(max_length=150)),
                ("contested_at", models.DateTimeField()),
                ("decided_by_name", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "contested_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "town",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "week",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contests", to="campaigns.frozenweek"
                    ),
                ),
            ],
            options={
                "ordering": ["-contested_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "upheld", "rejected"])), name="contest_status_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="contest_says_why"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("contested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="contest_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("status", heli.campaigns.types.ContestStatus["OPEN"]),
                            ),
                            models.Q(
                                models.Q(("status", heli.campaigns.types.ContestStatus["OPEN"]), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contest_decided_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    heli.campaigns.types.ContestStatus["OPEN"],
                                    heli.campaigns.types.ContestStatus["UPHELD"],
                                ],
                            )
                        ),
                        fields=("week", "town"),
                        name="contest_once_per_red",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IssueEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("did", models.CharField(max_length=16)),
                ("status", models.CharField(max_length=10)),
                ("due_on", models.DateField(null=True)),
                ("by_name", models.CharField(max_length=150)),
                ("reason", models.TextField(blank=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="campaigns.issue"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "did__in",
                                ["opened", "changed", "took_in_hand", "claimed", "returned", "closed", "reopened"],
                            )
                        ),
                        name="problem_event_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "in_hand", "claimed", "closed"])),
                        name="problem_event_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "did__in",
                                    [
                                        heli.campaigns.types_matters.IssueDid["RETURNED"],
                                        heli.campaigns.types_matters.IssueDid["REOPENED"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="problem_event_says_why",
                    ),
                    heli.kernel.db.AppendOnly(name="problem_event_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IssueEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.TextField(blank=True)),
                ("on", models.DateField()),
                ("added_by", models.CharField(max_length=150)),
                ("added_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="campaigns.issue"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("file__isnull", False), models.Q(("note", ""), _negated=True), _connector="OR"
                        ),
                        name="problem_evidence_not_empty",
                    ),
                    heli.kernel.db.AppendOnly(name="problem_evidence_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("text", models.TextField()),
                ("due_on", models.DateField()),
                ("done_by_name", models.CharField(blank=True, max_length=150)),
                ("done_on", models.DateField(null=True)),
                ("result", models.TextField(blank=True)),
                ("checked_by_name", models.CharField(blank=True, max_length=150)),
                ("checked_on", models.DateField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner_body",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.body"
                    ),
                ),
                (
                    "owner_person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.person"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="campaigns.meeting"
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["campaign", "due_on"], name="decision_by_due_day")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="decision_says_what"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner_body__isnull", False), ("owner_person__isnull", True)),
                            models.Q(("owner_body__isnull", True), ("owner_person__isnull", False)),
                            _connector="OR",
                        ),
                        name="decision_one_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("checked_on__isnull", True), ("done_on__isnull", False), _connector="OR"),
                        name="decision_checked_when_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by__isnull", True),
                            ("done_by__isnull", True),
                            models.Q(("checked_by", models.F("done_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="decision_checked_by_a_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("present", models.PositiveIntegerField()),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendance", to="campaigns.meeting"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("meeting", "kind"), name="attendance_once_per_class")],
            },
        ),
        migrations.CreateModel(
            name="NoticePlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="campaigns.notice"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("notice", "place"), name="notice_once_per_place")],
            },
        ),
        migrations.CreateModel(
            name="NoticeViews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("count", models.PositiveIntegerField()),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="views", to="campaigns.notice"
                    ),
                ),
            ],
            options={
                "ordering": ["on"],
                "constraints": [models.UniqueConstraint(fields=("notice", "on"), name="notice_views_once_per_day")],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=10, unique=True)),
                ("channel", models.CharField(max_length=10)),
                ("topic", models.CharField(max_length=40)),
                ("text", models.TextField()),
                ("count", models.PositiveIntegerField(default=1)),
                ("received_on", models.DateField()),
                ("taken_by", models.CharField(blank=True, max_length=150)),
                ("gist", models.CharField(blank=True, max_length=300)),
                ("answer", models.TextField(blank=True)),
                ("answered_by", models.CharField(blank=True, max_length=150)),
                ("answered_on", models.DateField(null=True)),
                ("is_published", models.BooleanField(default=False)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.notice"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "number"), name="campaign_opinion_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["wall_box", "meeting", "phone", "online", "letter"])),
                        name="campaign_opinion_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("text", ""), _negated=True), ("count__gte", 1)),
                        name="campaign_opinion_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("answered_by", ""),
                                ("answered_on__isnull", True),
                                ("is_published", False),
                            ),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                models.Q(("answered_by", ""), _negated=True),
                                ("answered_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="campaign_opinion_answered_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_published", False), models.Q(("gist", ""), _negated=True), _connector="OR"
                        ),
                        name="campaign_opinion_published_gist",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(default=heli.campaigns.types_matters.InquiryStatus["SENT"], max_length=10)),
                ("answers", models.JSONField(default=dict)),
                ("typed", models.PositiveSmallIntegerField(default=0)),
                ("confirmed", models.PositiveSmallIntegerField(default=0)),
                ("answered_by_name", models.CharField(blank=True, max_length=150)),
                ("answered_on", models.DateField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("checked_by_name", models.CharField(blank=True, max_length=150)),
                ("checked_on", models.DateField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="campaigns.inquiry"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("inquiry", "place"), name="reply_once_per_village"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["sent", "answered", "returned", "checked"])),
                        name="reply_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", heli.campaigns.types_matters.InquiryStatus["SENT"]),
                            ("answered_on__isnull", False),
                            _connector="OR",
                        ),
                        name="reply_answered_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", heli.campaigns.types_matters.InquiryStatus["CHECKED"]), _negated=True),
                            ("checked_on__isnull", False),
                            _connector="OR",
                        ),
                        name="reply_checked_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", heli.campaigns.types_matters.InquiryStatus["RETURNED"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reply_returned_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by__isnull", True),
                            ("answered_by__isnull", True),
                            models.Q(("checked_by", models.F("answered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="reply_checked_by_a_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("aspect", models.CharField(max_length=16)),
                ("likelihood", models.PositiveSmallIntegerField()),
                ("severity", models.PositiveSmallIntegerField()),
                ("what", models.TextField()),
                ("measures", models.TextField(blank=True)),
                ("sealed_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="campaigns.riskassessment"
                    ),
                ),
            ],
            options={
                "ordering": ["ordinal", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "ordinal"), name="risk_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("aspect__in", ["legality", "reasonableness", "feasibility", "controllability"])
                        ),
                        name="risk_aspect_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("likelihood__range", (1, 5)), ("severity__range", (1, 5))),
                        name="risk_scored_one_to_five",
                    ),
                    models.CheckConstraint(condition=models.Q(("what", ""), _negated=True), name="risk_item_says_what"),
                    heli.kernel.db.SealedOnce(field="sealed_at", name="risk_item_sealed_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("due_on", models.DateField()),
                ("status", models.CharField(default=heli.campaigns.types.StatementStatus["DEMANDED"], max_length=12)),
                ("demanded_at", models.DateTimeField()),
                ("text", models.TextField(blank=True)),
                ("given_by_name", models.CharField(blank=True, max_length=150)),
                ("given_at", models.DateTimeField(null=True)),
                ("acknowledged_by_name", models.CharField(blank=True, max_length=150)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.TextField(blank=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "first_week",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.frozenweek",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "last_week",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.frozenweek",
                    ),
                ),
                (
                    "town",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
            options={
                "ordering": ["-demanded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["demanded", "given", "acknowledged", "withdrawn"])),
                        name="statement_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "status__in",
                                    [
                                        heli.campaigns.types.StatementStatus["GIVEN"],
                                        heli.campaigns.types.StatementStatus["ACKNOWLEDGED"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(
                                models.Q(("text", ""), _negated=True),
                                ("given_at__isnull", False),
                                ("given_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="statement_given_has_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", heli.campaigns.types.StatementStatus["ACKNOWLEDGED"]), _negated=True),
                            models.Q(("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="statement_acknowledged_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acknowledged_by__isnull", True),
                            ("given_by__isnull", True),
                            models.Q(("acknowledged_by", models.F("given_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="statement_acknowledged_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", heli.campaigns.types.StatementStatus["WITHDRAWN"]), _negated=True),
                            models.Q(
                                ("withdrawn_at__isnull", False), models.Q(("withdrawn_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="statement_withdrawn_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status", heli.campaigns.types.StatementStatus["WITHDRAWN"]), _negated=True
                        ),
                        fields=("campaign", "town", "first_week"),
                        name="statement_once_per_streak",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("status", models.CharField(default=heli.campaigns.types.Status["NOT_STARTED"], max_length=12)),
                ("start_on", models.DateField()),
                ("baseline_on", models.DateField()),
                ("due_on", models.DateField()),
                ("asked_due_on", models.DateField(null=True)),
                ("submitted_on", models.DateField(null=True)),
                ("accepted_on", models.DateField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "accepted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="campaigns.campaign"
                    ),
                ),
                (
                    "moved_from",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.step"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_for",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="campaigns.track",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["track", "ordinal"], name="step_by_track"),
                    models.Index(fields=["campaign", "status", "due_on"], name="step_by_due_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("track", "key"), name="step_once_per_track"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "not_started",
                                    "in_progress",
                                    "submitted",
                                    "returned",
                                    "accepted",
                                    "waived",
                                    "moved",
                                    "ended",
                                ],
                            )
                        ),
                        name="step_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("start_on__lte", models.F("baseline_on")), ("start_on__lte", models.F("due_on"))
                        ),
                        name="step_runs_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_by__isnull", True),
                            ("submitted_by__isnull", True),
                            models.Q(
                                models.Q(("accepted_by", models.F("submitted_by")), _negated=True),
                                models.Q(
                                    ("submitted_for__isnull", True),
                                    models.Q(("accepted_by", models.F("submitted_for")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="step_not_accepted_by_submitter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", heli.campaigns.types.Status["ACCEPTED"]), _negated=True),
                            ("accepted_on__isnull", False),
                            _connector="OR",
                        ),
                        name="step_accepted_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", heli.campaigns.types.Status["SUBMITTED"]), _negated=True),
                            ("submitted_on__isnull", False),
                            _connector="OR",
                        ),
                        name="step_submitted_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("is_used", models.BooleanField(default=False)),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.survey"
                    ),
                ),
            ],
            options={
                "ordering": ["digest"],
                "constraints": [models.UniqueConstraint(fields=("survey", "digest"), name="survey_code_once")],
            },
        ),
        migrations.CreateModel(
            name="SurveyTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=20)),
                ("option", models.CharField(max_length=20)),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tallies", to="campaigns.survey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "place", "question", "option"), name="survey_tally_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyTurnout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("given", models.PositiveIntegerField()),
                ("returned", models.PositiveIntegerField(default=0)),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="turnouts", to="campaigns.survey"
                    ),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "place"), name="survey_turnout_once"),
                    models.CheckConstraint(
                        condition=models.Q(("returned__lte", models.F("given"))), name="survey_returned_within_given"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("recorded_by", models.CharField(max_length=150)),
                ("recorded_at", models.DateTimeField()),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="campaigns.inspectionround",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.body"),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "ordering": ["on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "team", "place"), name="visit_once_per_round_and_team"),
                    heli.kernel.db.AppendOnly(name="visit_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AppraisalProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("status", models.CharField(default=heli.campaigns.types.ProposalStatus["PROPOSED"], max_length=10)),
                ("text", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("decided_by_name", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposal", to="campaigns.statement"
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["proposed", "confirmed", "dismissed", "lapsed"])),
                        name="proposal_status_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="proposal_has_text"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("status", heli.campaigns.types.ProposalStatus["PROPOSED"]),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("status", heli.campaigns.types.ProposalStatus["LAPSED"]),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                (
                                    "status__in",
                                    [
                                        heli.campaigns.types.ProposalStatus["CONFIRMED"],
                                        heli.campaigns.types.ProposalStatus["DISMISSED"],
                                    ],
                                ),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_by_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("requirement", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("gate", models.CharField(blank=True, max_length=80)),
                ("number", models.BigIntegerField(null=True)),
                ("text", models.TextField(blank=True)),
                ("on", models.DateField()),
                ("added_by_name", models.CharField(max_length=150)),
                ("added_at", models.DateTimeField()),
                ("sealed_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="campaigns.step"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["photo", "file", "number", "minutes", "attestation"])),
                        name="evidence_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", heli.campaigns.types.EvidenceKind["NUMBER"]), ("number__isnull", False)),
                            models.Q(
                                (
                                    "kind__in",
                                    [
                                        heli.campaigns.types.EvidenceKind["PHOTO"],
                                        heli.campaigns.types.EvidenceKind["FILE"],
                                        heli.campaigns.types.EvidenceKind["ATTESTATION"],
                                    ],
                                ),
                                ("file__isnull", False),
                            ),
                            models.Q(
                                ("kind", heli.campaigns.types.EvidenceKind["MINUTES"]),
                                models.Q(
                                    ("file__isnull", False), models.Q(("text", ""), _negated=True), _connector="OR"
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_has_its_content",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", heli.campaigns.types.EvidenceKind["ATTESTATION"]), ("gate", ""), _connector="OR"
                        ),
                        name="evidence_gate_only_attested",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sealed_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"
                        ),
                        name="evidence_sealed_or_withdrawn",
                    ),
                    heli.kernel.db.SealedOnce(field="sealed_at", name="evidence_sealed_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("did", models.CharField(max_length=20)),
                ("status", models.CharField(max_length=12)),
                ("due_on", models.DateField()),
                ("submitted_on", models.DateField(null=True)),
                ("by_name", models.CharField(max_length=150)),
                ("for_name", models.CharField(blank=True, max_length=150)),
                ("reason", models.TextField(blank=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "step",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="campaigns.step",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["campaign", "at"], name="step_event_by_time"),
                    models.Index(fields=["step", "id"], name="step_event_by_step"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "did__in",
                                [
                                    "started",
                                    "submitted",
                                    "withdrew",
                                    "returned",
                                    "accepted",
                                    "waived",
                                    "reopened",
                                    "asked_extension",
                                    "extended",
                                    "refused_extension",
                                    "moved",
                                    "ended",
                                    "replaced",
                                ],
                            )
                        ),
                        name="step_event_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "not_started",
                                    "in_progress",
                                    "submitted",
                                    "returned",
                                    "accepted",
                                    "waived",
                                    "moved",
                                    "ended",
                                ],
                            )
                        ),
                        name="step_event_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "did__in",
                                    [
                                        heli.campaigns.types.Did["RETURNED"],
                                        heli.campaigns.types.Did["WAIVED"],
                                        heli.campaigns.types.Did["REOPENED"],
                                        heli.campaigns.types.Did["ASKED_EXTENSION"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="step_event_says_why",
                    ),
                    heli.kernel.db.AppendOnly(name="step_event_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=12, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=300)),
                (
                    "issue",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.issue"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="campaigns.visit"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="finding_says_what")
                ],
            },
        ),
        migrations.CreateModel(
            name="WallPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("added_by", models.CharField(max_length=150)),
                ("added_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "hung",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="campaigns.noticeplace"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [heli.kernel.db.AppendOnly(name="wall_photo_append_only")],
            },
        ),
    ]

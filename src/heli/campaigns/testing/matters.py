"""Builders for a campaign's matters: a bare campaign over one half of the small world (heli.accounts.testing)."""

from datetime import UTC, date, datetime
from typing import Any

from heli.audit.services import writing
from heli.campaigns.models import Campaign, PinnedPlaybook
from heli.campaigns.queries.colours import rules_in_force
from heli.campaigns.rules.colours import pinned
from heli.kernel.access import SYSTEM
from heli.kernel.ids import new_public_id

DAY = date(2026, 3, 2)


AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def bare_campaign(half: Any, name: str = "村改", **more: Any) -> Campaign:
    """A campaign without steps: enough for whatever is not about steps."""
    with writing(SYSTEM, "campaigns.open", place_id=half.district.pk):
        playbook, _made = PinnedPlaybook.objects.get_or_create(
            sha256="0" * 64, defaults={"key": "bare", "version": 1, "title": "Bare", "text": "bare", "pinned_at": AT}
        )
        return Campaign.objects.create(
            **{
                "public_id": new_public_id(),
                "district": half.district,
                "name": name,
                "playbook": playbook,
                "starts_on": DAY,
                **pinned(rules_in_force(DAY)),
                "opened_by": "test",
                "opened_at": AT,
                **more,
            }
        )

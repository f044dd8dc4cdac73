"""What handover tells everybody of a village: where people of each former village go now."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.handover.catalogues import item_words
from heli.handover.queries import points_of
from heli.kernel.openly import OpenAsk, OpenLine, OpenPart, OpenRows


def points(ask: OpenAsk) -> OpenRows | None:
    """The agency point of each village that went into this one: spot, hours, services, the office-holder who is there."""
    if ask.level != "village":
        return None
    lines, words = [], item_words()
    for one in points_of(ask.district, ask.on):
        if one.village.heir != ask.place:
            continue
        point = one.point
        if point is None:
            lines.append(OpenLine(text=one.village.name, mark=_("none yet"), tone="warn"))
        else:
            who = (
                _("The committee itself sits here.")
                if point.keeper is None
                else f"{point.keeper.office} {point.keeper.name}"
            )
            services = "、".join(words.get(key, key) for key in point.items)
            note = " · ".join(filter(None, [point.spot, point.hours, who, services]))
            lines.append(OpenLine(text=one.village.name, note=note))
    return OpenRows(lines=lines, more=reverse("handover:where", args=[ask.district_id])) if lines else None


OPEN = (OpenPart(id="handover.points", title=gettext_lazy("Agency points of former villages"), fill=points, order=41),)

"""The planner's reasons in the reader's language: each of its sentences is known by its shape."""

import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOLD: Sequence[tuple[str, Promise]] = (
    (
        r"The rules allow (?P<fewest>[\d,]+)–(?P<most>[\d,]+) units in all; at most (?P<asked>[\d,]+) were asked: .*",
        _("The rules allow %(fewest)s to %(most)s in all; at most %(asked)s were asked for."),
    ),
    (
        r"Ask for at most (?P<count>[\d,]+) instead of (?P<asked>[\d,]+)\.",
        _("Ask for at most %(count)s instead of %(asked)s."),
    ),
    (r"(?P<drawn>\d+) of (?P<all>\d+) communities are divided\.", _("%(drawn)s of %(all)s communities are divided.")),
    (
        r"(?P<name>.+): (?P<nodes>\d+) buildings with (?P<total>[\d,]+) households cannot be (?P<count>\d+) grids of "
        r"(?P<low>[\d,]+) to (?P<high>[\d,]+): (?P<fewest>\d+) to (?P<most>\d+) are possible at best\.",
        _(
            "%(name)s: %(nodes)s buildings with %(total)s households cannot be %(count)s grids of %(low)s to %(high)s; "
            "%(fewest)s to %(most)s are possible at best."
        ),
    ),
    (
        r"(?P<name>.+): (?P<nodes>\d+) buildings with (?P<total>[\d,]+) households cannot be (?P<count>\d+) grids of "
        r"(?P<low>[\d,]+) to (?P<high>[\d,]+) by the walking rule\.",
        _(
            "%(name)s: %(nodes)s buildings with %(total)s households cannot be %(count)s grids of %(low)s to %(high)s when the "
            "shortest ways stay inside."
        ),
    ),
    (
        r"(?P<name>.+): with (?P<count>\d+) grids it can be divided\.",
        _("%(name)s: with %(count)s grids it can be divided."),
    ),
    (
        r"(?P<name>.+): (?P<count>\d+) grids of (?P<low>[\d,]+) to (?P<high>[\d,]+) are possible\.",
        _("%(name)s: %(count)s grids of %(low)s to %(high)s are possible."),
    ),
    (
        r"(?P<name>.+) is above Hi: split into parts\.",
        _("%(name)s has more households than a grid may have: split into parts."),
    ),
    (
        r"(?P<villages>\d+) villages join (?P<hosts>\d+) communities and found (?P<new>\d+) new ones\.",
        _("%(villages)s villages join %(hosts)s communities and found %(new)s new ones."),
    ),
    (r"(?P<town>.+): no choice of seats keeps all rules\.", _("%(town)s: no choice of seats keeps all rules.")),
    (
        r"(?P<town>.+): Raise the reach to (?P<value>[\d,]+) m: this alone would be enough\.",
        _("%(town)s: a reach of %(value)s m alone would be enough."),
    ),
    (
        r"(?P<town>.+): Raise Hi to (?P<value>[\d,]+) households: this alone would be enough\.",
        _("%(town)s: at most %(value)s households alone would be enough."),
    ),
    (
        r"(?P<town>.+): Lower Lo to (?P<value>[\d,]+) households: this alone would be enough\.",
        _("%(town)s: at least %(value)s households alone would be enough."),
    ),
    (
        r"(?P<town>.+): No limit loosened alone helps; loosen several\.",
        _("%(town)s: no limit loosened alone helps; loosen several."),
    ),
    (
        r"(?P<beyond>\d+) of (?P<all>\d+) groups are beyond (?P<reach>[\d,]+) m of an open site: (?P<more>\d+) further points "
        r"reach them\.",
        _("%(beyond)s of %(all)s groups are more than %(reach)s m from a counter; %(more)s further points reach them."),
    ),
    (
        r"No site reaches (?P<names>.+): left out\. With a reach of (?P<reach>[\d,]+) m nobody would be\.",
        _("No site reaches %(names)s: left out. With a reach of %(reach)s m nobody would be."),
    ),
    (
        r"(?P<asked>\d+) further points are asked for, (?P<needed>\d+) are needed: ask for .+",
        _("%(asked)s further points are asked for, %(needed)s are needed: ask for more, or for a longer way."),
    ),
    (
        r"(?P<pairs>\d+) pairs, (?P<unmet>\d+) needs unmet \(by village\), (?P<changes>\d+) of (?P<present>\d+) present ones "
        r"changed\.",
        _("%(pairs)s pairs, %(unmet)s needs unmet (by village), %(changes)s of %(present)s present ones changed."),
    ),
    (
        r"No sharing out of (?P<orgs>\d+) organisations among (?P<areas>\d+) areas keeps all rules\.",
        _("No sharing out of %(orgs)s departments among %(areas)s areas keeps all rules."),
    ),
    (
        r"The organisations give (?P<least>[\d,]+) to (?P<most>[\d,]+) pairs, the areas take (?P<fewest>[\d,]+) to "
        r"(?P<many>[\d,]+)\.",
        _("The departments give %(least)s to %(most)s pairs, the areas take %(fewest)s to %(many)s."),
    ),
    (
        r"Raise pressure_cap to (?P<value>[\d,]+): this alone would be enough\.",
        _("A greatest pressure of %(value)s alone would be enough."),
    ),
    (
        r"Raise per_area to at most (?P<value>\d+): this alone would be enough\.",
        _("At most %(value)s departments in an area alone would be enough."),
    ),
    (
        r"Lower per_area to at least (?P<value>\d+): this alone would be enough\.",
        _("At least %(value)s departments in an area alone would be enough."),
    ),
    (
        r"Raise per_org to at most (?P<value>\d+): this alone would be enough\.",
        _("At most %(value)s areas for a department alone would be enough."),
    ),
    (
        r"Lower per_org to at least (?P<value>\d+): this alone would be enough\.",
        _("At least %(value)s areas for a department alone would be enough."),
    ),
    (
        r"Lower key_least to (?P<value>\d+): this alone would be enough\.",
        _("%(value)s departments in a key area alone would be enough."),
    ),
    (
        r"Lower key_strong to (?P<value>\d+): this alone would be enough\.",
        _("%(value)s strong departments in a key area alone would be enough."),
    ),
    (
        r"No rule loosened alone helps: loosen several: this alone would be enough\.",
        _("No rule loosened alone helps: loosen several."),
    ),
)


def told(text: str) -> str:
    """A sentence of the planner in the reader's language; as it is where its shape is not known."""
    for shape, words in TOLD:
        found = re.fullmatch(shape, text)
        if found:
            return str(words) % found.groupdict()
    return text

"""What a plan changes in the register, and what stands on it: said before it is applied or taken back."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from heli.kernel.offers import offered
from heli.places import queries as places
from heli.planning.lineage import places_concerned
from heli.planning.models import Application
from heli.planning.queries import ScenarioStanding


@dataclass(frozen=True, slots=True)
class Consequences:
    """Villages before and after, the document, and what runs over them by another plan."""

    before: int
    after: int
    document: str
    running: tuple[str, ...]

    def told(self) -> str:
        """One paragraph with {on} for the day on which it takes effect."""
        text = _("Villages in the register: {before} → {after} from {on}, by {document}.")
        said = text.format(before=self.before, after=self.after, document=self.document, on="{on}")
        return " ".join([said, *self.running])


def consequences(standing: ScenarioStanding) -> Consequences | None:
    """What applying the accepted plan would do; None while it is not accepted."""
    if standing.acceptance is None or standing.result is None:
        return None
    concerned = places_concerned(standing.material, standing.shown_rules, standing.result)
    running = [said for use in offered("uses", "USES") for said in use.running(concerned, standing.scenario.public_id)]
    return Consequences(
        before=len(standing.material.planned),
        after=standing.result.after,
        document=standing.acceptance.document_number,
        running=tuple(running),
    )


def built_on(application: Application) -> list[str]:
    """What builds on what the applied plan founded: while there is any, it is not taken back."""
    founded, ended = places.founded_and_ended([key for key, _public_id in application.events])
    return [said for use in offered("uses", "USES") for said in use.built(sorted(founded), sorted(ended))]


def undone(standing: ScenarioStanding) -> str:
    """What taking the applied plan back would do, as the question that is asked before; "" while it is not applied."""
    if standing.application is None or standing.acceptance is None or standing.result is None:
        return ""
    text = _(
        "Take the plan out of the register again? Villages: %(now)s → %(was)s, as if the plan of %(document)s had "
        "never taken effect on %(on)s."
    )
    return text % {
        "now": standing.result.after,
        "was": len(standing.material.planned),
        "document": standing.acceptance.document_number,
        "on": standing.application.on,
    }

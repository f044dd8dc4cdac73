"""What planning offers upwards: the act that writes an accepted plan into the register."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Act
from heli.planning.services import apply_plan

ACTS = (Act("planning.apply_plan", gettext_noop("Write the accepted merger plan into the register"), apply_plan),)

"""The measure of the register that posts write: typed where no paper sets posts, written from them from the first paper on."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import KeptMeasure
from heli.posts.queries.offices import kept_since
from heli.posts.services.offices import ACCEPT, MEASURE

KEPT = (KeptMeasure(MEASURE, ACCEPT, gettext_noop("Posts"), kept_since),)

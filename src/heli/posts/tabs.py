"""The tabs of posts on the pages of a district; placements on those of a campaign too."""

from django.utils.translation import gettext_noop

from heli.kernel.declare import Tab
from heli.posts.ledger.allotting import READ
from heli.posts.services.pay import PAY

DISTRICT = ("district",)
TABS = (
    Tab("post:board", gettext_noop("Posts"), about=DISTRICT, order=1, somewhere=READ, group="posts"),
    Tab("allottings:list", gettext_noop("How many posts"), about=DISTRICT, order=2, somewhere=READ, group="posts"),
    Tab("placements:list", gettext_noop("Placements"), about=DISTRICT, order=3, somewhere=READ, group="posts"),
    Tab("recruitments:list", gettext_noop("Recruitment"), about=DISTRICT, order=4, somewhere=READ, group="posts"),
    Tab("incentives:list", gettext_noop("Incentives"), about=DISTRICT, order=5, somewhere=READ, group="posts"),
    Tab("post:reserve", gettext_noop("Reserve pool"), about=DISTRICT, order=6, somewhere=READ, group="posts"),
    Tab("post:pay", gettext_noop("Pay"), about=DISTRICT, order=7, right=PAY, group="posts"),
)

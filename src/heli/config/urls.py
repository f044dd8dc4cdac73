"""All addresses: a line per context, and the ledgers by their names."""

from django.urls import include, path

from heli.records.ledgers import ledgers
from heli.records.views import Pages
from heli.web.api import api

urlpatterns = [
    path("account/", include("heli.accounts.sign_in_urls")),
    path("accounts/", include("heli.accounts.urls")),
    path("appraisal/", include("heli.appraisal.urls")),
    path("api/v1/", api.urls),
    path("audit/", include("heli.audit.urls")),
    path("files/", include("heli.files.urls")),
    path("places/", include("heli.places.urls")),
    path("assemblies/", include("heli.assemblies.urls")),
    path("bodies/", include("heli.bodies.urls")),
    path("notices/", include("heli.notices.urls")),
    path("planning/", include("heli.planning.urls")),
    path("campaigns/", include("heli.campaigns.urls")),
    path("consultation/", include("heli.consultation.urls")),
    path("inbox/", include("heli.records.urls")),
    path("inquiries/", include("heli.inquiries.urls")),
    path("matter/", include("heli.matters.urls")),
    path("handover/", include("heli.handover.urls")),
    path("stations/", include("heli.stations.urls")),
    path("meetings/", include("heli.meetings.urls")),
    path("open311/", include("heli.matters.open311.urls")),
    path("papers/", include("heli.papers.urls")),
    path("points/", include("heli.points.urls")),
    path("post/", include("heli.posts.urls")),
    path("property/", include("heli.ledger.urls")),
    path("risks/", include("heli.risks.urls")),
    path("rounds/", include("heli.rounds.urls")),
    path("warnings/", include("heli.warnings.urls")),
    path("figures/", include("heli.figures.urls")),
    path("health/", include("heli.web.health")),
    path("ui/", include("heli.ui.urls")),
    *(path(f"{name}/", include((Pages(ledger).urls(), name))) for name, ledger in ledgers().items()),
    path("", include("heli.web.urls")),
]

"""All addresses, a line per context."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("heli.accounts.sign_in_urls")),
    path("accounts/", include("heli.accounts.urls")),
    path("audit/", include("heli.audit.urls")),
    path("files/", include("heli.files.urls")),
    path("places/", include("heli.places.urls")),
    path("bodies/", include("heli.bodies.urls")),
    path("notices/", include("heli.notices.urls")),
    path("planning/", include("heli.planning.urls")),
    path("campaigns/", include("heli.campaigns.urls")),
    path("figures/", include("heli.figures.urls")),
    path("health/", include("heli.web.health")),
    path("ui/", include("heli.ui.urls")),
    path("", include("heli.web.urls")),
]

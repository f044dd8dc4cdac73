"""All addresses, a line per context."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
    path("accounts/", include("heli.accounts.urls")),
    path("audit/", include("heli.audit.urls")),
    path("files/", include("heli.files.urls")),
    path("places/", include("heli.places.urls")),
    path("bodies/", include("heli.bodies.urls")),
    path("planning/", include("heli.planning.urls")),
    path("ui/", include("heli.ui.urls")),
    path("", include("heli.web.urls")),
]

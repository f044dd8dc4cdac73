"""Addresses of sittings, of the four steps and of the law."""

from django.urls import path

from heli.assemblies.views import law, sittings

app_name = "assemblies"
urlpatterns = [
    path("law/", law.law, name="law"),
    path("<str:about_id>/", sittings.sittings, name="list"),
]

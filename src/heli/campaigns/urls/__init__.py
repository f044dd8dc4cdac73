"""Campaigns' addresses, a file per topic."""

from heli.campaigns.urls import runs

app_name = "campaigns"
urlpatterns = [*runs.urlpatterns]

"""Campaigns' addresses, a file per topic."""

from heli.campaigns.urls import runs, weeks

app_name = "campaigns"
urlpatterns = [*runs.urlpatterns, *weeks.urlpatterns]

"""Campaigns' addresses, a file per topic."""

from heli.campaigns.urls import matters, papers, runs, weeks

app_name = "campaigns"
urlpatterns = [*runs.urlpatterns, *weeks.urlpatterns, *matters.urlpatterns, *papers.urlpatterns]

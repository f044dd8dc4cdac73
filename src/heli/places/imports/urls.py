"""Addresses of imports and of proposed lineage, included below the register's."""

from django.urls import path

from heli.places.imports import views
from heli.places.proposals import views as proposals

app_name = "imports"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/<slug:kind>/", views.new, name="new"),
    path("template/<str:district>/", views.template, name="template"),
    path("neighbours/<str:district>/", views.neighbours, name="neighbours"),
    path("proposals/<str:public_id>/", proposals.comparison, name="comparison"),
    path("proposals/<str:public_id>/again/", proposals.again, name="comparison_again"),
    path("proposals/<str:public_id>/<slug:group>/", proposals.group, name="group"),
    path("run/<str:public_id>/", views.run, name="run"),
    path("run/<str:public_id>/columns/", views.match_columns, name="columns"),
    path("run/<str:public_id>/mend/", views.mend, name="mend"),
    path("run/<str:public_id>/apply/", views.apply, name="apply"),
    path("run/<str:public_id>/check/", views.check, name="check"),
    path("run/<str:public_id>/abandon/", views.abandon, name="abandon"),
]

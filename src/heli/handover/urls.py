"""What stands beside the ledgers of handover, and the page for everybody."""

from django.urls import path

from heli.handover import views

app_name = "handover"
urlpatterns = [
    path("", views.home, name="home"),
    path("v/<str:about_id>/", views.units, name="units"),
    path("v/<str:about_id>/lists/", views.lists, name="lists"),
    path("v/<str:about_id>/<str:place_id>/", views.unit, name="unit"),
    path("in/<str:district_id>/", views.where, name="where"),
]

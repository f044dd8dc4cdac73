"""What is done with stations beside their ledgers."""

from django.urls import path

from heli.stations import views

app_name = "stations"
urlpatterns = [
    path("<str:about_id>/centre/", views.centre, name="centre"),
    path("<str:about_id>/call/", views.call, name="call"),
    path("<str:about_id>/call/<str:place_id>/", views.call_to, name="call_to"),
    path("<str:about_id>/late/<str:row_id>/", views.late, name="late"),
    path("<str:about_id>/members/<str:place_id>/", views.members, name="members"),
]

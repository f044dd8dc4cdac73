"""Addresses of meetings and trainings."""

from django.urls import path

from heli.meetings import views

app_name = "meetings"
urlpatterns = [
    path("<str:about_id>/", views.meetings, name="list"),
    path("<str:about_id>/new/", views.meeting_new, name="new"),
    path("<str:about_id>/<str:meeting_id>/", views.meeting, name="meeting"),
]

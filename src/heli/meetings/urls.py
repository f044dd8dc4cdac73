"""Meetings and trainings of a campaign."""

from django.urls import path

from heli.meetings import views

app_name = "meetings"
urlpatterns = [
    path("<str:public_id>/", views.meetings, name="list"),
    path("<str:public_id>/new/", views.meeting_new, name="new"),
    path("<str:public_id>/<str:meeting_id>/", views.meeting, name="meeting"),
]

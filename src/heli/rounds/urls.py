"""Addresses of rounds of supervision."""

from django.urls import path

from heli.rounds import views

app_name = "rounds"
urlpatterns = [
    path("<str:about_id>/", views.rounds, name="list"),
    path("<str:about_id>/<int:number>/", views.round, name="round"),
]

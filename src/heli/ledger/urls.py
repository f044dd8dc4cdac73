"""The way to the registers of a district."""

from django.urls import path

from heli.ledger.views import home

app_name = "property"
urlpatterns = [path("", home, name="home")]

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "heli.places"
    label = "places"

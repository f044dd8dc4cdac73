from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "heli.stations"
    label = "stations"

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "heli.rounds"
    label = "rounds"

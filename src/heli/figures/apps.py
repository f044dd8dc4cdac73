from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "heli.figures"
    label = "figures"

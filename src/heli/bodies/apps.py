from django.apps import AppConfig


class BodiesConfig(AppConfig):
    name = "heli.bodies"
    label = "bodies"

from django.apps import AppConfig


class PointsConfig(AppConfig):
    name = "heli.points"
    label = "points"

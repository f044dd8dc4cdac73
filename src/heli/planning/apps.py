from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "heli.planning"
    label = "planning"

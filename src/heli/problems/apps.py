from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "heli.problems"
    label = "problems"

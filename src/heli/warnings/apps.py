from django.apps import AppConfig


class WarningsConfig(AppConfig):
    name = "heli.warnings"
    label = "warnings"

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "heli.papers"
    label = "papers"

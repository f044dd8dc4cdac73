from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "heli.notices"
    label = "notices"

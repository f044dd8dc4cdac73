from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "heli.web"
    label = "web"

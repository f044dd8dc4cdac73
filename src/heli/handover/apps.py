from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "heli.handover"
    label = "handover"

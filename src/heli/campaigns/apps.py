from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "heli.campaigns"
    label = "campaigns"

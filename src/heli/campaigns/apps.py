from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "heli.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        """Offer what the page of a place and its archive show."""
        from heli.campaigns.panels import offer_panels

        offer_panels()

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "heli.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        """Offer the sections of a place's archive."""
        from heli.campaigns.panels import offer_sections

        offer_sections()

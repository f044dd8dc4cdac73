from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "heli.risks"
    label = "risks"

    def ready(self) -> None:
        """Offer the section of a place's archive."""
        from heli.risks.panels import offer_sections

        offer_sections()

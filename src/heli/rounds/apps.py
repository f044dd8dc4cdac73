from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "heli.rounds"
    label = "rounds"

    def ready(self) -> None:
        """Offer the section of a place's archive."""
        from heli.rounds.panels import offer_sections

        offer_sections()

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "heli.planning"
    label = "planning"

    def ready(self) -> None:
        """Offer the section of a place's archive."""
        from heli.planning.panels import offer_sections

        offer_sections()

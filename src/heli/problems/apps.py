from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "heli.problems"
    label = "problems"

    def ready(self) -> None:
        """Offer the section of a place's archive."""
        from heli.problems.panels import offer_sections

        offer_sections()

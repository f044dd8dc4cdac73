from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "heli.papers"
    label = "papers"

    def ready(self) -> None:
        """Offer the section of a place's archive."""
        from heli.papers.panels import offer_sections

        offer_sections()

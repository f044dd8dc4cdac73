from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "heli.places"
    label = "places"

    def ready(self) -> None:
        """Offer the sections of a place's archive."""
        from heli.places.panels import offer_sections

        offer_sections()

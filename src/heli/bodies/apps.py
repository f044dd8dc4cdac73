from django.apps import AppConfig


class BodiesConfig(AppConfig):
    name = "heli.bodies"
    label = "bodies"

    def ready(self) -> None:
        """Offer the panel of the page of a place."""
        from heli.bodies.panels import offer_panels

        offer_panels()

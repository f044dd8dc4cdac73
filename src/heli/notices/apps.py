from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "heli.notices"
    label = "notices"

    def ready(self) -> None:
        """Offer the panel of the page of a place."""
        from heli.notices.panels import offer_panels

        offer_panels()

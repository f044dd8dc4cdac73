from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "heli.web"
    label = "web"

    def ready(self) -> None:
        """Offer the way from the page of a place to its archive."""
        from heli.web.dossier import offer_panels

        offer_panels()

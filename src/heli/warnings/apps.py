from django.apps import AppConfig


class WarningsConfig(AppConfig):
    name = "heli.warnings"
    label = "warnings"

    def ready(self) -> None:
        """Offer the panel of a place's page."""
        from heli.warnings.panels import offer_panels

        offer_panels()

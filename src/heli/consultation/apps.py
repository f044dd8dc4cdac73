from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    name = "heli.consultation"
    label = "consultation"

    def ready(self) -> None:
        """Offer the section of a place's archive."""
        from heli.consultation.panels import offer_sections

        offer_sections()

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "heli.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Offer the section of a place's archive."""
        from heli.meetings.panels import offer_sections

        offer_sections()

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "heli.records"
    label = "records"

    def ready(self) -> None:
        """Offer a section of a place's archive for each ledger."""
        from heli.records.panels import offer_sections

        offer_sections()

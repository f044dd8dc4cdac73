from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "heli.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Offer the section of a place's archive."""
        from heli.ledger.archive import offer_sections

        offer_sections()

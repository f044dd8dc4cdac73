from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "heli.ledger"
    label = "ledger"

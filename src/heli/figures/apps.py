from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "heli.figures"
    label = "figures"

    def ready(self) -> None:
        """Read every figure once: a doubled id or a bad declaration stops the start."""
        from heli.figures.catalogue import declared

        declared()

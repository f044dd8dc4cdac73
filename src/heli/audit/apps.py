from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created


class AuditConfig(AppConfig):
    name = "heli.audit"
    label = "audit"

    def ready(self) -> None:
        from heli.audit import guard

        connection_created.connect(guard.install, dispatch_uid="heli.audit.guard")
        for connection in connections.all(initialized_only=True):
            if connection.connection is not None:  # opened before this app was ready
                guard.install(connection=connection)

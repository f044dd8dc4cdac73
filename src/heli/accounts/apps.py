from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "heli.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.mfa import signals
        from django.utils import timezone

        from heli.accounts import sign_in
        from heli.accounts.queries import RoleAnswers
        from heli.audit.queries import PlaceAnswers, ask_places_of
        from heli.kernel.access import answer_with
        from heli.places import queries as places

        answer_with(RoleAnswers())
        ask_places_of(
            PlaceAnswers(
                within=lambda scope: places.in_scope(scope).values("pk"),
                names=lambda keys: places.names_at(keys, timezone.localdate()),
            )
        )
        # The second factor is kept by allauth, which offers no other way to hear of it than its signals.
        for name in ("authenticator_added", "authenticator_removed", "authenticator_reset", "authentication_failed"):
            getattr(signals, name).connect(sign_in.HEARD[name], dispatch_uid=f"heli.accounts.{name}")

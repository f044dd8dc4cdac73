"""Addresses of the register. Public ids are twelve letters, so that they never meet a word of an address."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from heli.kernel.ids import ALPHABET
from heli.places.views import history, register


class PublicId:
    """A public id in an address."""

    regex = f"[{ALPHABET}]{{12}}"

    def to_python(self, value: str) -> str:
        """The id as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """The id as it stands."""
        return value


register_converter(PublicId, "publicid")

app_name = "places"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", register.home, name="home"),
    path("imports/", include("heli.places.imports.urls")),
    path("events/<publicid:public_id>/", history.event, name="event"),
    path("districts/<publicid:public_id>/map.geojson", register.home_shapes, name="district_shapes"),
    path("<publicid:public_id>/", register.place, name="place"),
    path("<publicid:public_id>/map.geojson", register.shapes, name="shapes"),
    path("<publicid:public_id>/export/<slug:what>/", register.export, name="export"),
    path("<publicid:public_id>/events/", history.events, name="events"),
    path("<publicid:public_id>/record/<slug:what>/", history.record, name="record"),
    path("<publicid:public_id>/figure/", history.fact, name="fact"),
    path("<publicid:public_id>/neighbours/", history.neighbours, name="neighbours"),
    path("<publicid:public_id>/neighbours/edit/", history.neighbour, name="neighbour"),
]

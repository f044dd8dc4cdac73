from django.urls import path

from heli.ui import offline, views

app_name = "ui"
urlpatterns = [
    path("language/", views.choose_language, name="language"),
    path("outbox/", offline.outbox, name="outbox"),
    path("worker.js", offline.worker, name="worker"),
    path("patterns/", views.patterns, name="patterns"),
    path("patterns/places.geojson", views.pattern_map, name="pattern_map"),
    path("patterns/towns.geojson", views.pattern_towns, name="pattern_towns"),
]

from django.urls import path

from heli.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("settings/", views.settings, name="settings"),
    path("settings/channels/", views.add_channel, name="add_channel"),
    path("settings/wishes/", views.subscribe, name="subscribe"),
    path("channels/<slug:public_id>/end/", views.end_channel, name="end_channel"),
    path("channels/<slug:public_id>/test/", views.test_channel, name="test_channel"),
    path("places/<slug:public_id>/", views.place_channels, name="place_channels"),
    path("places/<slug:public_id>/channels/", views.add_place_channel, name="add_place_channel"),
    path("digests/<slug:public_id>/", views.digest, name="digest"),
    path("<slug:public_id>/open/", views.open_notice, name="open"),
]

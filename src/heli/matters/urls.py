"""What is done with matters beside their ledgers, and what strangers may open."""

from django.urls import path

from heli.matters.views import public, site, staff

app_name = "matter"
ONE = "m/<str:about_id>/<str:row_id>/"
urlpatterns = [
    path("", staff.home, name="home"),
    path("b/<str:about_id>/", staff.board, name="board"),
    path(f"{ONE}whistle/", staff.whistle, name="whistle"),
    path(f"{ONE}merge/", staff.merge, name="merge"),
    path(f"{ONE}link/", staff.link, name="link"),
    path(f"{ONE}lift/", staff.lift, name="lift"),
    path(f"{ONE}split/", staff.split, name="split"),
    path(f"{ONE}voice/", staff.voice, name="voice"),
    path(f"{ONE}contacts/", staff.contacts, name="contacts"),
    path("site/", site.site, name="site"),
    path("site/mine/", site.mine, name="mine"),
    path("follow/", public.follow, name="follow"),
    path("thanks/<str:code>/", public.thanks, name="thanks"),
    path("in/<str:district_id>/", public.public_list, name="public_list"),
    path("in/<str:district_id>/places.geojson", public.public_places, name="public_places"),
    path("in/<str:district_id>/report/", public.report, name="report"),
    path("in/<str:district_id>/send/", public.send, name="send"),
    path("in/<str:district_id>/too/<str:row_id>/", public.too, name="too"),
]

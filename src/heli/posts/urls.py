"""Posts of a district and of a body, sharing posts with sliders, beginning placements."""

from django.urls import path

from heli.posts.views import offices, sharing, staffing

app_name = "post"
urlpatterns = [
    path("", offices.home, name="home"),
    path("b/<str:about_id>/", offices.board, name="board"),
    path("pay/<str:about_id>/", staffing.pay, name="pay"),
    path("reserve/<str:about_id>/", staffing.reserve_pool, name="reserve"),
    path("of/<str:body_id>/", offices.body, name="body"),
    path("share/<str:about_id>/", sharing.begin, name="share"),
    path("share/<str:about_id>/<str:row_id>/", sharing.work, name="work"),
    path("place/<str:about_id>/", sharing.begin_placing, name="place"),
    path("place/<str:about_id>/<str:row_id>/", sharing.take, name="take"),
]

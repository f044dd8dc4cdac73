"""Points: the own account, who is on a shift, sums; and what strangers ask of a certificate."""

from django.urls import path

from heli.points import views

app_name = "points"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("certificate/", views.certificate, name="certificate"),
    path("true/<str:code>/", views.true, name="true"),
    path("d/<str:about_id>/", views.sums, name="sums"),
    path("d/<str:about_id>/enter/", views.enter, name="enter"),
    path("d/<str:about_id>/units/<str:body_id>/", views.unit, name="unit"),
    path("d/<str:about_id>/shifts/<str:row_id>/", views.people, name="people"),
    path("d/<str:about_id>/lines/<str:entry_id>/", views.line, name="line"),
]

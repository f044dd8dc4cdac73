"""The appraisal year: what was begun, one year, one part of an appraisal, the paper."""

from django.urls import path

from heli.appraisal import views

app_name = "appraisal"
urlpatterns = [
    path("", views.home, name="home"),
    path("<str:about_id>/", views.years, name="years"),
    path("<str:about_id>/<str:year_id>/", views.year, name="year"),
    path("<str:about_id>/of/<str:row_id>/<str:indicator>/", views.part, name="part"),
    path("<str:about_id>/of/<str:row_id>/paper", views.paper, name="paper"),
]

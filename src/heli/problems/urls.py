"""The problem ledger of a campaign."""

from django.urls import path

from heli.problems import views

app_name = "problems"
urlpatterns = [
    path("<str:public_id>/", views.problems, name="list"),
    path("<str:public_id>/new/", views.problem_new, name="new"),
    path("<str:public_id>/import/", views.problem_import, name="import"),
    path("<str:public_id>/<str:problem_id>/", views.problem, name="problem"),
]

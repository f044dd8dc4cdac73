"""Risk assessments of a campaign."""

from django.urls import path

from heli.risks import views

app_name = "risks"
urlpatterns = [
    path("<str:public_id>/", views.risks, name="list"),
    path("<str:public_id>/<str:place>/", views.risk, name="risk"),
]

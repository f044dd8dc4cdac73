"""Risk assessments."""

from django.urls import path

from heli.risks import views

app_name = "risks"
urlpatterns = [
    path("<str:about_id>/", views.risks, name="list"),
    path("<str:about_id>/<str:place>/", views.risk, name="risk"),
]

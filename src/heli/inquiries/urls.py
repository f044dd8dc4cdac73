"""Addresses of e-questionnaires."""

from django.urls import path

from heli.inquiries import views

app_name = "inquiries"
urlpatterns = [
    path("<str:about_id>/", views.questionnaires, name="list"),
    path("<str:about_id>/new/", views.questionnaire_new, name="new"),
    path("<str:about_id>/<str:inquiry_id>/", views.questionnaire, name="inquiry"),
    path("<str:about_id>/<str:inquiry_id>/<str:place>/", views.reply, name="reply"),
]

"""E-questionnaires of a campaign."""

from django.urls import path

from heli.inquiries import views

app_name = "inquiries"
urlpatterns = [
    path("<str:public_id>/", views.questionnaires, name="list"),
    path("<str:public_id>/new/", views.questionnaire_new, name="new"),
    path("<str:public_id>/<str:inquiry_id>/", views.questionnaire, name="inquiry"),
    path("<str:public_id>/<str:inquiry_id>/<str:place>/", views.reply, name="reply"),
]

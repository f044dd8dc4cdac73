from django.urls import path

from heli.ui import views

app_name = "ui"
urlpatterns = [
    path("language/", views.choose_language, name="language"),
]

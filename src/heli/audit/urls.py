from django.urls import path

from heli.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="list"),
    path("verify/", views.verify, name="verify"),
    path("<int:seq>/", views.entry, name="entry"),
]

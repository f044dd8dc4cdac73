from django.urls import path

from heli.records import views

app_name = "records"
urlpatterns = [path("", views.inbox, name="inbox")]

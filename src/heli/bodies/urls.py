from django.urls import path

from heli.bodies import views

app_name = "bodies"
urlpatterns = [
    path("", views.bodies, name="list"),
    path("add/", views.add, name="add"),
    path("<slug:public_id>/", views.body, name="body"),
    path("<slug:public_id>/end/", views.end, name="end"),
    path("<slug:public_id>/persons/add/", views.add_person, name="add_person"),
    path("<slug:public_id>/persons/<slug:person_id>/end/", views.end_person, name="end_person"),
    path("<slug:public_id>/links/add/", views.add_link, name="add_link"),
    path("<slug:public_id>/links/<slug:link_id>/end/", views.end_link, name="end_link"),
]

from django.urls import path

from heli.web import dossier, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("places/<str:public_id>/archive/", dossier.archive, name="archive"),
    path("places/<str:public_id>/archive.pdf", dossier.archive_pdf, name="archive_pdf"),
]

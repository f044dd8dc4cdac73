from django.urls import path

from heli.web import dossier, open_page, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("open/<str:public_id>/", open_page.openly, name="openly"),
    path("open/<str:public_id>/codes.pdf", open_page.codes, name="codes"),
    path("places/<str:public_id>/archive/", dossier.archive, name="archive"),
    path("places/<str:public_id>/archive.pdf", dossier.archive_pdf, name="archive_pdf"),
]

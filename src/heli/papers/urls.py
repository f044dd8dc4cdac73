"""Documents of a campaign."""

from django.urls import path

from heli.papers import views

app_name = "papers"
urlpatterns = [
    path("<str:public_id>/", views.papers, name="list"),
    path("<str:public_id>/many/", views.new_batch, name="new_batch"),
    path("<str:public_id>/many/<str:batch_id>/", views.batch, name="batch"),
    path("<str:public_id>/t/<slug:key>/", views.paper, name="paper"),
    path("<str:public_id>/t/<slug:key>/template.docx", views.paper_template, name="template"),
    path("<str:public_id>/t/<slug:key>/document.<str:suffix>", views.paper_file, name="file"),
]

"""Documents of a campaign."""

from django.urls import path

from heli.campaigns.views import papers

urlpatterns = [
    path("c/<str:public_id>/papers/", papers.papers, name="papers"),
    path("c/<str:public_id>/papers/many/", papers.new_batch, name="papers_new_batch"),
    path("c/<str:public_id>/papers/many/<str:batch_id>/", papers.batch, name="papers_batch"),
    path("c/<str:public_id>/papers/t/<slug:key>/", papers.paper, name="paper"),
    path("c/<str:public_id>/papers/t/<slug:key>/template.docx", papers.paper_template, name="paper_template"),
    path("c/<str:public_id>/papers/t/<slug:key>/document.<str:suffix>", papers.paper_file, name="paper_file"),
]

"""Addresses of sittings, of the four steps and of the law."""

from django.urls import path

from heli.assemblies.views import elections, law, results, sittings, tally

app_name = "assemblies"
urlpatterns = [
    path("law/", law.law, name="law"),
    path("tally/", tally.sheets, name="tally"),
    path("tally/<str:sheet_id>/", tally.sheet, name="sheet"),
    path("results/<str:election_id>/", results.results, name="results"),
    path("<str:about_id>/elections/", elections.board, name="elections"),
    path("<str:about_id>/elections/new/", elections.election_new, name="election_new"),
    path("<str:about_id>/elections/<str:contest_id>/", elections.contest, name="contest"),
    path("<str:about_id>/elections/<str:contest_id>/sheet.pdf", results.sheet_pdf, name="result_sheet"),
    path("<str:about_id>/", sittings.sittings, name="list"),
]

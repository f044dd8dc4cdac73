"""Addresses of sittings, of the four steps and of the law."""

from django.urls import path

from heli.assemblies.views import elections, law, packs, rehearsal, results, sittings, steps, tally

app_name = "assemblies"
C = "<str:about_id>/"
urlpatterns = [
    path("law/", law.law, name="law"),
    path("elections/", elections.home, name="elections_home"),
    path("tally/", tally.sheets, name="tally"),
    path("tally/<str:sheet_id>/", tally.sheet, name="sheet"),
    path("results/<str:election_id>/", results.results, name="results"),
    path(f"{C}elections/", elections.board, name="elections"),
    path(f"{C}elections/new/", elections.election_new, name="election_new"),
    path(f"{C}elections/<str:contest_id>/", elections.contest, name="contest"),
    path(f"{C}elections/<str:contest_id>/sheet.pdf", results.sheet_pdf, name="result_sheet"),
    path(f"{C}elections/<str:contest_id>/pack/", packs.pack, name="pack"),
    path(f"{C}rehearsal/", rehearsal.rehearsal, name="rehearsal"),
    path(C, sittings.sittings, name="list"),
    path(f"{C}need/", sittings.need, name="need"),
    path(f"{C}new/", sittings.sitting_new, name="new"),
    path(f"{C}s/<str:meeting_id>/", sittings.sitting, name="sitting"),
    path(f"{C}steps/new/", steps.steps_new, name="steps_new"),
    path(f"{C}steps/<str:steps_id>/", steps.steps, name="steps"),
]

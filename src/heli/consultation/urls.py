"""Consultation about a campaign or whatever else offers itself; and what strangers may open."""

from django.urls import path

from heli.consultation.views import notices, public, surveys

app_name = "consultation"
C = "c/<str:about_id>/"
SURVEY = f"{C}surveys/<str:survey_id>/"
urlpatterns = [
    path("", notices.opinions_everywhere, name="all"),
    path(C, notices.consultation, name="home"),
    path(f"{C}notices/new/", notices.notice_new, name="notice_new"),
    path(f"{C}notices/<str:notice_id>/", notices.notice_sheet, name="notice_sheet"),
    path(f"{C}opinions/", notices.opinions, name="opinions"),
    path(f"{C}questions/", notices.questions, name="questions"),
    path(f"{C}talks/", notices.talks, name="talks"),
    path(f"{C}talks/<str:place>/", notices.talk, name="talk"),
    path(f"{C}surveys/", surveys.surveys, name="surveys"),
    path(f"{C}surveys/new/", surveys.survey_new, name="survey_new"),
    path(SURVEY, surveys.survey, name="survey"),
    path(f"{SURVEY}codes/", surveys.survey_codes, name="survey_codes"),
    path(f"{SURVEY}counts/", surveys.survey_tally, name="survey_tally"),
    path("notice/<str:public_id>/", public.notice, name="notice"),
    path("notice/<str:public_id>/file/", public.notice_file, name="notice_file"),
    path("notice/<str:public_id>/thanks/<str:code>/", public.notice_thanks, name="notice_thanks"),
    path("answer/", public.opinion_answer, name="opinion_answer"),
    path("survey/<str:public_id>/", public.survey_page, name="survey_page"),
]

"""Problems, risks, consultation, meetings, questionnaires; and what strangers may open."""

from django.urls import path

from heli.campaigns.views import consultation, meetings, problems, public, questionnaires, risks, surveys

C = "c/<str:public_id>/"
CONSULT = f"{C}consultation/"
SURVEY = f"{CONSULT}surveys/<str:survey_id>/"
ASKED = f"{C}questionnaires/<str:inquiry_id>/"
urlpatterns = [
    path(f"{C}problems/", problems.problems, name="problems"),
    path(f"{C}problems/new/", problems.problem_new, name="problem_new"),
    path(f"{C}problems/import/", problems.problem_import, name="problem_import"),
    path(f"{C}problems/<str:problem_id>/", problems.problem, name="problem"),
    path(f"{C}risks/", risks.risks, name="risks"),
    path(f"{C}risks/<str:place>/", risks.risk, name="risk"),
    path(CONSULT, consultation.consultation, name="consultation"),
    path(f"{CONSULT}notices/new/", consultation.notice_new, name="notice_new"),
    path(f"{CONSULT}notices/<str:notice_id>/", consultation.notice_sheet, name="notice_sheet"),
    path(f"{CONSULT}opinions/", consultation.opinions, name="opinions"),
    path(f"{CONSULT}questions/", consultation.questions, name="questions"),
    path(f"{CONSULT}talks/", consultation.talks, name="talks"),
    path(f"{CONSULT}talks/<str:place>/", consultation.talk, name="talk"),
    path(f"{CONSULT}surveys/", surveys.surveys, name="surveys"),
    path(f"{CONSULT}surveys/new/", surveys.survey_new, name="survey_new"),
    path(SURVEY, surveys.survey, name="survey"),
    path(f"{SURVEY}codes/", surveys.survey_codes, name="survey_codes"),
    path(f"{SURVEY}counts/", surveys.survey_tally, name="survey_tally"),
    path(f"{C}meetings/", meetings.meetings, name="meetings"),
    path(f"{C}meetings/new/", meetings.meeting_new, name="meeting_new"),
    path(f"{C}meetings/<str:meeting_id>/", meetings.meeting, name="meeting"),
    path(f"{C}rounds/<int:number>/", meetings.round, name="round"),
    path(f"{C}week/", meetings.work_points, name="work_points"),
    path(f"{C}questionnaires/", questionnaires.questionnaires, name="questionnaires"),
    path(f"{C}questionnaires/new/", questionnaires.questionnaire_new, name="questionnaire_new"),
    path(ASKED, questionnaires.questionnaire, name="questionnaire"),
    path(f"{ASKED}<str:place>/", questionnaires.reply, name="reply"),
    path("notice/<str:public_id>/", public.notice, name="notice"),
    path("notice/<str:public_id>/file/", public.notice_file, name="notice_file"),
    path("notice/<str:public_id>/thanks/<str:code>/", public.notice_thanks, name="notice_thanks"),
    path("answer/", public.opinion_answer, name="opinion_answer"),
    path("survey/<str:public_id>/", public.survey_page, name="survey_page"),
]

"""Campaigns themselves: the list, opening one, the board, sheets, steps, tasks, the timetable, managing."""

from django.urls import path

from heli.campaigns.views import board, managing, runs, steps, tasks, work_points

app_name = "campaigns"
urlpatterns = [
    path("", runs.campaigns, name="list"),
    path("new/", managing.new_campaign, name="new"),
    path("c/<str:public_id>/", board.campaign, name="campaign"),
    path("c/<str:public_id>/p/<str:place>/", board.sheet, name="sheet"),
    path("c/<str:public_id>/p/<str:place>/<slug:key>/", steps.step, name="step"),
    path("c/<str:public_id>/step/<slug:key>/", tasks.column, name="column"),
    path("c/<str:public_id>/tasks/", tasks.tasks, name="tasks"),
    path("c/<str:public_id>/week/", work_points.work_points, name="work_points"),
    path("c/<str:public_id>/timetable/", managing.timetable, name="timetable"),
    path("c/<str:public_id>/settings/", managing.settings, name="settings"),
    path("c/<str:public_id>/fill/", tasks.fill, name="fill"),
    path("c/<str:public_id>/fill.xlsx", tasks.fill_form, name="fill_form"),
]

"""Weeks, contests, statements, forecasts and key villages."""

from django.urls import path

from heli.campaigns.views import charts, forecasting, key_villages, statements, weeks

urlpatterns = [
    path("c/<str:public_id>/charts/", charts.charts, name="charts"),
    path("c/<str:public_id>/weeks/", weeks.weeks, name="weeks"),
    path("c/<str:public_id>/weeks/<int:number>/", weeks.week, name="week"),
    path("c/<str:public_id>/weeks/<int:number>/contest/<str:place>/", weeks.new_contest, name="new_contest"),
    path("c/<str:public_id>/contests/<str:contest_id>/", weeks.contest, name="contest"),
    path("c/<str:public_id>/statements/", statements.statements, name="statements"),
    path("c/<str:public_id>/statements/<str:statement_id>/", statements.statement, name="statement"),
    path("c/<str:public_id>/forecast/", forecasting.forecast, name="forecast"),
    path("c/<str:public_id>/critical/", forecasting.critical, name="critical"),
    path("c/<str:public_id>/key-villages/", key_villages.key_list, name="key_villages"),
    path("c/<str:public_id>/key-villages/new/", key_villages.new_key_village, name="new_key_village"),
    path("c/<str:public_id>/key-villages/<str:key_id>/", key_villages.key_village, name="key_village"),
]

"""Charts, weeks, contests, statements, forecasts and key villages."""

from django.urls import path

from heli.warnings.views import charts, forecasting, key_villages, statements, weeks

app_name = "warnings"
urlpatterns = [
    path("<str:public_id>/charts/", charts.charts, name="charts"),
    path("<str:public_id>/weeks/", weeks.weeks, name="weeks"),
    path("<str:public_id>/weeks/<int:number>/", weeks.week, name="week"),
    path("<str:public_id>/weeks/<int:number>/contest/<str:place>/", weeks.new_contest, name="new_contest"),
    path("<str:public_id>/contests/<str:contest_id>/", weeks.contest, name="contest"),
    path("<str:public_id>/statements/", statements.statements, name="statements"),
    path("<str:public_id>/statements/<str:statement_id>/", statements.statement, name="statement"),
    path("<str:public_id>/forecast/", forecasting.forecast, name="forecast"),
    path("<str:public_id>/critical/", forecasting.critical, name="critical"),
    path("<str:public_id>/key-villages/", key_villages.key_list, name="key_villages"),
    path("<str:public_id>/key-villages/new/", key_villages.new_key_village, name="new_key_village"),
    path("<str:public_id>/key-villages/<str:key_id>/", key_villages.key_village, name="key_village"),
]

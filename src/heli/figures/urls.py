"""Addresses of figures."""

from django.urls import path, re_path

from heli.figures.views import battlemap, burden, claims, mapdata, mapplace, registry, reports, snapshots

app_name = "figures"
urlpatterns = [
    path("", registry.home, name="home"),
    path("map/", battlemap.battle_map, name="map"),
    path("map/shapes/", mapdata.map_shapes, name="map_shapes"),
    path("map/values/", mapdata.map_values, name="map_values"),
    path("map/places/<str:public_id>/", mapplace.map_place, name="map_place"),
    path("map/picture.svg", mapdata.map_picture, name="map_picture"),
    path("snapshots/", snapshots.snapshot_list, name="snapshots"),
    path("snapshots/freeze/", snapshots.freeze, name="freeze"),
    path("snapshots/<str:public_id>/", snapshots.snapshot, name="snapshot"),
    path("snapshots/<str:public_id>/corrected/<str:figure_id>/", snapshots.corrected, name="corrected"),
    path("burden/", burden.burden, name="burden"),
    path("reports/", reports.report_list, name="reports"),
    path("reports/make/", reports.make, name="make_reports"),
    path("reports/preview/<str:public_id>/<slug:kind>/", reports.preview, name="report_preview"),
    path("reports/<str:public_id>/", reports.report, name="report"),
    re_path(
        r"^reports/(?P<public_id>[a-z0-9]+)/report\.(?P<suffix>docx|pdf)$", reports.report_file, name="report_file"
    ),
    path("reports/<str:public_id>/numbers/<int:number>/", reports.report_number, name="report_number"),
    path("lint/", claims.claim_list, name="claims"),
    path("lint/new/", claims.new_claims, name="new_claims"),
    path("lint/<str:public_id>/", claims.claim, name="claim"),
    re_path(r"^(?P<figure_id>[a-z_]+\.[a-z0-9_.]+)/$", registry.figure, name="figure"),
]

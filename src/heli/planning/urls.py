"""Planning's addresses."""

from django.urls import path

from heli.planning.views import adjusting, comparing, deciding, exporting, joint, scenarios

app_name = "planning"
urlpatterns = [
    path("", scenarios.scenarios, name="scenarios"),
    path("new/", scenarios.new_scenario, name="new"),
    path("s/<str:public_id>/", scenarios.scenario, name="scenario"),
    path("s/<str:public_id>/map.geojson", scenarios.map_data, name="map"),
    path("s/<str:public_id>/units.geojson", scenarios.unit_data, name="units"),
    path("s/<str:public_id>/mergers/", scenarios.mergers, name="mergers"),
    path("s/<str:public_id>/villages/", scenarios.villages, name="villages"),
    path("s/<str:public_id>/run/", scenarios.run, name="run"),
    path("s/<str:public_id>/run/<int:number>/", scenarios.progress, name="progress"),
    path("s/<str:public_id>/presence/", scenarios.presence, name="presence"),
    path("s/<str:public_id>/rules/", adjusting.rules, name="rules"),
    path("s/<str:public_id>/policies/", adjusting.policies, name="policies"),
    path("s/<str:public_id>/adjust/", adjusting.adjust, name="adjust"),
    path("s/<str:public_id>/compare/", comparing.compare, name="compare"),
    path("s/<str:public_id>/alternatives/", comparing.alternatives, name="alternatives"),
    path("s/<str:public_id>/decision/", deciding.decision, name="decision"),
    path("s/<str:public_id>/print/", exporting.print_view, name="print"),
    path("s/<str:public_id>/plan.xlsx", exporting.excel, name="excel"),
    path("s/<str:public_id>/plan.geojson", exporting.geo, name="geojson"),
    path("s/<str:public_id>/brief.docx", exporting.docx, name="docx"),
    path("joint/", joint.joint_plans, name="joint_plans"),
    path("joint/new/", joint.new_joint, name="new_joint"),
    path("joint/<str:public_id>/", joint.joint, name="joint"),
    path("joint/<str:public_id>/progress/", joint.joint_progress, name="joint_progress"),
    path("joint/<str:public_id>/hand-down/", joint.hand_down, name="joint_hand_down"),
    path("joint/<str:public_id>/print/", joint.joint_print, name="joint_print"),
    path("joint/<str:public_id>/joint.xlsx", joint.joint_excel, name="joint_excel"),
    path("joint/<str:public_id>/instances.zip", joint.joint_instances, name="joint_instances"),
    path("joint/<str:public_id>/<int:number>/", joint.joint_part, name="joint_part"),
    path("joint/<str:public_id>/<int:number>/open/", joint.open_part, name="joint_open"),
    path("notice/<str:public_id>/map.geojson", deciding.notice_map, name="notice_map"),
    path("notice/<str:public_id>/units.geojson", deciding.notice_units, name="notice_units"),
]

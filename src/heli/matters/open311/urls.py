"""The addresses of GeoReport v2, with and without the suffix of a format."""

from django.urls import re_path

from heli.matters.open311 import views

app_name = "open311"
FORM = r"(?:\.(?P<form>xml|json))?/?$"
urlpatterns = [
    re_path(rf"^discovery{FORM}", views.discovery, name="discovery"),
    re_path(rf"^v2/services{FORM}", views.service_list, name="services"),
    re_path(rf"^v2/services/(?P<code>[\w-]+){FORM}", views.service, name="service"),
    re_path(rf"^v2/tokens/(?P<token_id>[\w-]+){FORM}", views.token, name="token"),
    re_path(rf"^v2/requests{FORM}", views.service_requests, name="requests"),
    re_path(rf"^v2/requests/(?P<request_id>[\w-]+){FORM}", views.service_request, name="request"),
]

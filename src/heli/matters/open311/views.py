"""The doors of GeoReport v2. Reading needs no key; reporting goes through the one service of the public page.

Nothing that was reported is told before somebody of the office has filed it, and then in the office's words.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from heli.accounts.queries import key_of_program
from heli.accounts.services import count_use
from heli.kernel.access import Actor, Grant
from heli.kernel.faults import Forbidden, Refused
from heli.matters import services
from heli.matters.catalogues import items
from heli.matters.models import ReportChannel
from heli.matters.open311 import queries
from heli.matters.open311.asked import (
    LONGEST_DESCRIPTION,
    Given,
    NotServed,
    one,
    read_attributes,
    read_point,
    read_wanted,
    wrong,
)
from heli.matters.open311.fetching import fetch
from heli.matters.open311.saying import sentence
from heli.matters.open311.wire import JSON, TYPES, XML, as_xml, plain
from heli.matters.queries import voice_by_code
from heli.places import queries as places
from heli.records.abouts import DISTRICT, About
from heli.records.services import FormFile
from heli.records.views import today
from heli.ui.http import language
from heli.ui.limits import is_too_often, key_of
from heli.ui.pages import ActorRequest

Answer = tuple[str, Any]
"""The root of the XML, and what is answered."""
SPECIFICATION, CHANGESET = "http://wiki.open311.org/GeoReport_v2", "2026-11-29T00:00:00+08:00"
MOST_BYTES = 20 * 1024 * 1024
"""Of a picture at a media_url."""
PARAMETERS = {
    "text": "description",
    "spot": "address_string",
    "place": "lat, long",
    "photos": "media_url",
    "contact": "phone, email",
}
"""Under which name a program sent what the service calls otherwise."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def door(*methods: str) -> Callable[[Callable[..., Answer]], Callable[..., HttpResponse]]:
    """A resource of GeoReport: XML or JSON by its suffix (else as asked), errors in GeoReport's shape, kept by nobody."""

    def decorate(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: ActorRequest, form: str | None = None, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            form = form or (XML if "xml" in request.headers.get("Accept", "") else JSON)
            status = 201 if request.method == "POST" else 200
            try:
                root, value = view(request, **kwargs)
            except NotServed as found:
                status, root, value = found.code, "errors", errors(found.code, *map(sentence, found.findings))
            except Forbidden:
                status, root, value = 403, "errors", errors(403, _("This key may not report here."))
            except Refused as refused:
                said = [f"{PARAMETERS.get(fault.field, fault.field)}: {fault.message}" for fault in refused.faults]
                status, root, value = 400, "errors", errors(400, *said)
            return written(form, root, value, status)

        return guarded

    return decorate


def errors(code: int, *descriptions: str) -> list[dict[str, Any]]:
    """What is wrong, as GeoReport says it."""
    return [{"code": code, "description": description} for description in descriptions]


def written(form: str, root: str, value: Any, status: int) -> HttpResponse:
    """The answer in its format."""
    if form == XML:
        response = HttpResponse(as_xml(root, value), content_type=TYPES[XML], status=status)
    else:
        dumped = {"ensure_ascii": False}
        response = JsonResponse(
            plain(value), safe=False, json_dumps_params=dumped, content_type=TYPES[JSON], status=status
        )
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def given_in(request: HttpRequest) -> Given:
    """The parameters of a request."""
    return dict((request.POST if request.method == "POST" else request.GET).lists())


def jurisdiction(given: Given) -> About:
    """The district that is meant: the only one, or the one named by its public id or its code. Raises `NotServed`."""
    rows, wanted = places.districts(today()), one(given, "jurisdiction_id")
    if not wanted and len(rows) > 1:
        raise wrong("jurisdiction_missing", "jurisdiction_id", options=", ".join(row.public_id for row in rows[:50]))
    found = [row for row in rows if not wanted or wanted in (row.public_id, row.code)]
    if not found:
        raise wrong("jurisdiction_unknown", "jurisdiction_id", 404, value=wanted[:40])
    return DISTRICT.about(found[0].id, found[0].public_id)


@door("GET", "HEAD")
def discovery(request: ActorRequest) -> Answer:
    """Where GeoReport is spoken here, and in which formats."""
    base = settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{base}{reverse('open311:discovery').removesuffix('discovery')}v2",
        "changeset": CHANGESET,
        "type": "test" if settings.DEMO else "production",
        "formats": ["text/xml", "application/json"],
    }
    said = _("Keys are given by the administrator of this installation. Reading needs none.")
    return "discovery", {"changeset": CHANGESET, "contact": said, "key_service": said, "endpoints": [endpoint]}


@door("GET", "HEAD")
def service_list(request: ActorRequest) -> Answer:
    """What may be reported."""
    jurisdiction(given_in(request))
    return "services", [
        {
            "service_code": row.code,
            "service_name": row.name,
            "description": _("Led by %(lead)s; %(basis)s") % {"lead": row.lead, "basis": row.basis},
            "metadata": row.asks,
            "type": "realtime",
            "keywords": f"{row.name}, {row.group}",
            "group": str(row.group),
        }
        for row in queries.services()
    ]


def known_service(code: str) -> str:
    """A service's code. Raises `NotServed` for one that is not in the catalogue."""
    if not code:
        raise wrong("service_missing", "service_code")
    if code not in items().entries:
        raise wrong("service_unknown", "service_code", 404, value=code[:40])
    return code


@door("GET", "HEAD")
def service(request: ActorRequest, code: str) -> Answer:
    """What a service asks beside the description."""
    jurisdiction(given_in(request))
    asked = [
        {
            "variable": row.is_asked,
            "code": row.code,
            "datatype": row.datatype,
            "required": row.is_required,
            "datatype_description": None,
            "order": order,
            "description": row.words,
            **({"values": [{"key": key, "name": name} for key, name in row.options]} if row.options else {}),
        }
        for order, row in enumerate(queries.attributes_of(known_service(code), language()), start=1)
    ]
    return "service_definition", {"service_code": code, "attributes": asked}


@door("GET", "HEAD")
def token(request: ActorRequest, token_id: str) -> Answer:
    """The id of the request that somebody follows by a code."""
    about, voice = jurisdiction(given_in(request)), voice_by_code(token_id)
    if voice is None or voice.matter.district_id != about.district_id:
        if is_too_often(request, "code"):
            raise wrong("too_often", status=429)
        raise wrong("token_unknown", "token", 404, value=token_id[:40])
    return "service_requests", [{"service_request_id": voice.matter.public_id, "token": voice.code}]


@door("GET", "HEAD", "POST")
def service_requests(request: ActorRequest) -> Answer:
    """What was reported (GET), or a new report (POST)."""
    if request.method == "POST":
        return _report(request)
    given = given_in(request)
    about, now = jurisdiction(given), timezone.now()
    wanted = read_wanted(given, now, timezone.get_default_timezone())
    return "service_requests", queries.requests_of(queries.asked_for(about.district_id, wanted), today())


@door("GET", "HEAD")
def service_request(request: ActorRequest, request_id: str) -> Answer:
    """One request; not before somebody has looked at it."""
    given = {**given_in(request), "service_request_id": [request_id]}
    about = jurisdiction(given)
    wanted = read_wanted(given, timezone.now(), timezone.get_default_timezone())
    found = queries.asked_for(about.district_id, wanted)
    if not found:
        raise wrong("request_unknown", "service_request_id", 404, value=request_id[:40])
    return "service_requests", queries.requests_of(found, today())


def _key(request: ActorRequest) -> Any:
    """The key of whoever reports; what comes without one is counted by its source, as on the public page."""
    is_form = (request.content_type or "").lower() in FORMS
    secret = one(given_in(request), "api_key") if is_form else ""
    key = key_of_program(secret)
    if key is None:
        if is_too_often(request, "open311"):
            raise wrong("too_often", status=429)
        if not is_form:
            raise wrong("form_type")
        raise wrong("key_unknown" if secret else "key_missing", "api_key", 403)
    if not count_use(key, at=timezone.now()):
        raise wrong("key_often", "api_key", 429, most=key.most_an_hour)
    if key.user is not None:
        raise wrong("key_reads", "api_key", 403)
    return key


def _report(request: ActorRequest) -> Answer:
    key, given = _key(request), given_in(request)
    about = jurisdiction(given)
    code = known_service(one(given, "service_code"))
    answers = read_attributes(given, queries.attributes_of(code, queries.own_language()))
    described = "\n".join(value for value in given.get("description", ()) if value.strip()).strip()
    if len(described) > LONGEST_DESCRIPTION:
        raise wrong("description_long", "description", count=len(described))
    client_key = one(given, "client_key")
    if len(client_key) > 80:
        raise wrong("client_key_long", "client_key")
    point = read_point(given)
    place, spot = _where(given, about, point)
    lines = [described or items().text(code, queries.own_language()), *(f"{asked}：{said}" for asked, said in answers)]
    said = services.MatterReport(
        place, "\n".join(lines), code, spot, " ".join(filter(None, (one(given, "phone"), one(given, "email")))), point,
        _photos(given), key_of("report", key.public_id, client_key) if client_key else "", ReportChannel.PROGRAM,
    )  # fmt: skip
    voice = services.report(actor=_program(key), about=about, said=said)
    path = reverse("matter:follow")
    notice = _("Follow it at %(page)s with the code %(code)s.") % {
        "page": f"{settings.SITE_URL}{path}",
        "code": voice.code,
    }
    made = {"service_request_id": voice.told_of.public_id, "service_notice": notice, "account_id": None}
    return "service_requests", [made]


def _program(key: Any) -> Actor:
    """A program may what a resident may, where its key says."""
    return Actor(None, key.name, (Grant("public", place_id=key.place_id),))


def _where(given: Given, about: About, point: tuple[int, int] | None) -> tuple[int, str]:
    """The village of a report and where in it: by its id, else by the point, else by what the address names."""
    address, named, on = one(given, "address_string"), one(given, "address_id"), today()
    if named:
        found = queries.place_by_id(about.district_id, named, on)
        if found is None:
            raise wrong("address_unknown", "address_id", value=named[:40])
        return found, address
    if point is not None and (found := queries.place_at(about.district_id, point, on)) is not None:
        return found, address
    if point is not None and not address:
        raise wrong("point_outside", "lat")
    if not address:
        raise wrong("location_missing", "lat")
    fitting = queries.places_in_address(about.district_id, address, on)
    if len(fitting) != 1:
        raise wrong("address_unclear", "address_string")
    return fitting[0], address


def _photos(given: Given) -> list[FormFile]:
    address = one(given, "media_url")
    if not address:
        return []
    name = address.split("?")[0].rstrip("/").rsplit("/", 1)[-1][-80:] or "photo.jpg"
    return [FormFile(name, [fetch(address, settings.OPEN311_HOSTS, MOST_BYTES)])]

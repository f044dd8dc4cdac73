"""The shell of every page: strict policy, language, refusals; the pattern page in both languages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch
from django.utils.translation import override

from heli.kernel.access import PUBLIC, SYSTEM, Actor
from heli.kernel.faults import Fault, Forbidden, Refused
from heli.ui import messages, patterns, vendor, views
from heli.ui.http import download, geojson, see_other
from heli.ui.middleware import RefusalMiddleware
from heli.ui.templatetags.ui import who

pytestmark = pytest.mark.django_db  # the bell of the shell counts messages
CLERK = Actor(1, "陈主任")
"""Signed in, no role: may see the patterns and nothing else."""


def asked(path: str = "/ui/patterns/", **headers: Any) -> HttpRequest:
    request = RequestFactory().get(path, **headers)
    request.actor = CLERK  # type: ignore[attr-defined]  # as a middleware sets it
    request.csp_nonce = "abc"  # type: ignore[attr-defined]  # as a middleware sets it
    return request


@pytest.fixture
def compiled() -> None:
    """Translations as a set-up machine has them."""
    messages.compile_all()


def test_every_page_carries_the_strict_policy_and_its_nonce(client: Client) -> None:
    response = client.get("/no/such/page/")
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce is not None
    html = response.content.decode()
    assert f'nonce="{nonce[1]}"' in html
    assert response.status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.usefixtures("compiled")
def test_the_pattern_page_has_nothing_that_the_policy_forbids(language: str) -> None:
    with override(language):
        html = views.patterns(asked()).content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)
    for script in re.findall(r"<script[^>]*>", html):
        assert "nonce=" in script or "application/json" in script, script
    assert len(re.findall(r"<h1", html)) == 1
    assert len(set(re.findall(r'\sid="([^"]+)"', html))) == len(re.findall(r'\sid="([^"]+)"', html))


@pytest.mark.usefixtures("compiled")
def test_chinese_comes_first_and_english_is_complete() -> None:
    with override("zh-hans"):
        html = views.patterns(asked()).content.decode()
        assert "组件样例" in html
        assert 'lang="zh-Hans"' in html
    with override("en"):
        assert "<h1>Patterns</h1>" in views.patterns(asked()).content.decode()


def test_the_pattern_table_comes_as_excel() -> None:
    response = views.patterns(asked("/ui/patterns/?export=xlsx&f_kind=absorbed"))
    assert response["Content-Type"].startswith("application/vnd.openxmlformats")


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    assert client.get("/ui/patterns/").status_code == 302


def test_the_map_of_patterns_is_valid_geojson_of_closed_rings() -> None:
    for feature in [*patterns.map_features()["features"], *patterns.town_features()["features"]]:
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]


@pytest.mark.parametrize(
    ("to", "lands"),
    [
        ("/ui/patterns/?q=a", "/ui/patterns/?q=a"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("", "/"),
        ("nowhere", "/"),
        ("%0d%0aX: y", "/"),
    ],
)
def test_choosing_a_language_goes_back_but_never_away(client: Client, to: str, lands: str) -> None:
    response = client.post("/ui/language/", {"language": "en", "next": to})
    assert (response.status_code, response["Location"]) == (303, lands)
    assert response.cookies["heli-language"].value == "en"


def test_an_unknown_language_is_not_remembered(client: Client) -> None:
    assert "heli-language" not in client.post("/ui/language/", {"language": "xx"}).cookies
    assert client.get("/ui/language/").status_code == 405


@pytest.mark.parametrize(("error", "status"), [(Refused, 422), (Forbidden, 403)])
def test_a_refusal_nobody_caught_becomes_a_page_or_json(error: Callable[[Fault], Exception], status: int) -> None:
    middleware = RefusalMiddleware(lambda request: HttpResponse())
    refusal = error(Fault("too_long", "Eleven digits: <b>add one</b>.", field="code", source="row 12"))
    page = middleware.process_exception(asked(), refusal)
    assert page is not None
    assert page.status_code == status
    assert "&lt;b&gt;add one" in page.content.decode()
    as_json = middleware.process_exception(asked(HTTP_ACCEPT="application/json"), refusal)
    assert as_json is not None
    assert b'"code": "too_long"' in as_json.content


def test_answers_that_are_not_pages() -> None:
    assert (see_other("ui:patterns").status_code, see_other("ui:patterns")["Location"]) == (303, "/ui/patterns/")
    assert "private" in geojson({"type": "FeatureCollection", "features": []})["Cache-Control"]
    assert "%E6%96%B9%E6%A1%88" in download(b"x", name="方案.docx", content_type="x/y")["Content-Disposition"]


def test_the_error_page_needs_no_request() -> None:
    assert "<h1>" in render_to_string("500.html")


def test_every_icon_in_use_is_drawn() -> None:
    names = set(patterns.icon_names())
    for path in messages.app_folders().values():
        for template in path.rglob("templates/**/*.html"):
            used = set(re.findall(r'{% icon "(\w+)"', template.read_text("utf-8")))
            assert used <= names, f"{template.name}: {used - names}"


@pytest.mark.parametrize(
    "tag", ["{% url 'ui:nowhere' %}", "{% url 'ui:nowhere' as address %}", "{% url 'ui:language' 7 as address %}"]
)
def test_an_address_that_does_not_exist_is_never_an_empty_link(tag: str) -> None:
    with pytest.raises(NoReverseMatch):
        Template(tag).render(Context())
    assert Template("{% url 'ui:language' as address %}{{ address }}").render(Context()) == "/ui/language/"


def test_texts_are_found_in_templates_and_python() -> None:
    template = (
        '{% load i18n %}\n{% translate "One" %} {% blocktranslate with a=b %}Two {{ a }}{% endblocktranslate %}\n'
        "{% blocktranslate count n=n %}a thing{% plural %}{{ n }} things{% endblocktranslate %}"
    )
    found = list(messages.messages_in(messages.python_of(template), "x.html"))
    assert [(m.msgid, m.plural, m.where) for m in found] == [
        ("One", "", "x.html:2"),
        ("Two %(a)s", "", "x.html:2"),
        ("a thing", "%(n)s things", "x.html:3"),
    ]
    source = 'from django.utils.translation import gettext_lazy as lazy\nx = lazy("Four")\ny = unknown("Five")\n'
    assert [m.msgid for m in messages.messages_in(source, "x.py")] == ["Four"]
    with pytest.raises(ValueError, match="f-string"):
        list(messages.messages_in('_(f"Six {x}")', "x.py"))


def test_a_lost_placeholder_is_a_fault(tmp_path: Any) -> None:
    (tmp_path / "views.py").write_text('_("%(n)s rows of %(name)s")')
    messages.collect(tmp_path)
    assert len(messages.faults(tmp_path)) == 1
    po = messages.translations(tmp_path)
    po[0].msgstr = "%(n)s 行"
    po.save(str(messages.po_path(tmp_path)))
    assert messages.faults(tmp_path) == ["'%(n)s rows of %(name)s' loses name"]


def test_collecting_leaves_entries_as_they_stand_and_mends_what_merging_doubled(tmp_path: Any) -> None:
    (tmp_path / "views.py").write_text('_("Two"); _("One"); _("A text of several words"); _("B"); _("A")')
    head = str(messages.translations(tmp_path)).strip("\n")
    wrapped = 'msgid ""\n"A text of "\n"several words"\nmsgstr "文字"'
    empty, full, gone = 'msgid "One"\nmsgstr ""', 'msgid "One"\nmsgstr "一"', 'msgid "Gone"\nmsgstr "去"'
    glued = f'{full}\nmsgid "Two"\nmsgstr "二"'
    path = messages.po_path(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text("\n\n".join([head, empty, wrapped, gone, glued]) + "\n")
    assert messages.collect(tmp_path) == (2, 2)
    new = ['msgid "A"\nmsgstr ""', 'msgid "B"\nmsgstr ""']
    after = "\n\n".join([head, full, wrapped, 'msgid "Two"\nmsgstr "二"', *new]) + "\n"
    assert path.read_text() == after
    assert messages.collect(tmp_path) == (0, 2)
    assert path.read_text() == after


def test_the_lock_names_no_registry_and_the_stamp_follows_it(tmp_path: Any) -> None:
    assert '"resolved"' not in (vendor.ROOT / "package-lock.json").read_text()
    before = vendor.wanted_stamp()
    for name in vendor.LOCK_FILES:
        (tmp_path / name).write_bytes((vendor.ROOT / name).read_bytes())
    assert vendor.wanted_stamp(tmp_path) == before
    (tmp_path / "package-lock.json").write_text("{}")
    assert vendor.wanted_stamp(tmp_path) != before
    assert not vendor.is_current(tmp_path)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "INVENTED"])
def test_no_view_is_asked_by_a_method_that_none_knows(client: Client, method: str) -> None:
    assert client.generic(method, "/").status_code == 405


def test_a_captured_text_is_escaped_once() -> None:
    page = Template("{% load ui %}{% capture title %}{{ name }}{% endcapture %}<title>{{ title }}</title>")
    assert (
        page.render(Context({"name": "The district's list <1>"})) == "<title>The district&#x27;s list &lt;1&gt;</title>"
    )


def test_heli_itself_and_people_without_an_account_are_named_in_words() -> None:
    with override("zh-hans"):
        told = [who(name) for name in (SYSTEM.name, PUBLIC.name, "张某")]
    assert told == ["合里", "群众（公开页面）", "张某"]

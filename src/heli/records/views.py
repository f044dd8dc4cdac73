"""The pages of a ledger: list, new row, list taken in, one row with its moves. One round trip for all of them.

404 for what the actor does not reach, 403 for what they may not do, 422 with the faults at their fields, 303 after a write.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.files.services import sent_by
from heli.kernel.access import may, scope
from heli.kernel.faults import Fault, Forbidden, Refused
from heli.places import queries as places
from heli.places.types import PlaceRow
from heli.records import lists, queries, services
from heli.records.abouts import About, find_about, whole
from heli.records.fields import FieldKind, ShownIn
from heli.records.forms import ListForm, RowForm, choices_for, move_form, upload_of
from heli.records.inbox import inbox_of
from heli.records.ledgers import Ledger, Move
from heli.records.panels import row_part_of
from heli.records.summing import SHORT, listed_for, statistics
from heli.records.tables import inbox_table, ledger_table, shown_value
from heli.ui.exports import XLSX
from heli.ui.forms import attempt, press
from heli.ui.http import download, see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Table


def today() -> date:
    """The day of the office."""
    return timezone.localdate()


def sent(request: ActorRequest) -> tuple[Any, ...]:
    """What a form was sent with: its values and files; nothing when the page is only opened."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def about_or_404(request: ActorRequest, public_id: str, action: str) -> About:
    """What the address names, if the actor may do this somewhere in it; else 404, as if it did not exist."""
    found = find_about(public_id, request.actor, action)
    if found is None:
        raise Http404(public_id)
    return found


def districts_home(request: ActorRequest, right: str, title: str, to: Callable[[str], str]) -> HttpResponse:
    """The districts in which the reader may do this, each leading `to` its pages; the only one at once."""
    found = places.districts(today(), places.reached_districts(scope(request.actor, right)))
    if len(found) == 1:
        return see_other(to(found[0].public_id))
    rows = [(one.name, to(one.public_id)) for one in found]
    return render(request, "records/districts.html", {"title": title, "districts": rows})


def own_places(request: ActorRequest, about: About, action: str) -> list[PlaceRow]:
    """The places the actor may name in a form; 403 where there are none."""
    rows = queries.targets(request.actor, about, today(), action)
    if not rows:
        raise PermissionDenied(action)
    return rows


@page("ui.read")
@require_GET
def inbox(request: ActorRequest) -> HttpResponse:
    """待办: everything that waits for the reader, over everything that is open, the most pressing first."""
    table = inbox_table(request, inbox_of(request.actor, today()))
    return table.export_response() if table.export else render(request, "records/inbox.html", {"table": table})


def page_of(
    request: ActorRequest,
    about: About,
    tab: str,
    template: str,
    context: Mapping[str, Any],
    *,
    crumbs: Iterable[tuple[str, str]] = (),
    status: int = 200,
    entry: str = "",
) -> HttpResponse:
    """Render a page under a tab of the about; `crumbs` are (label, address) after the about's own, `entry` the line of the
    navigation it stands under where that is not the about's.
    """
    request.entry = entry or about.kind.entry
    base = about.kind.head(request, about, tab)
    base["breadcrumbs"] = [*base["breadcrumbs"], *({"label": label, "url": url} for label, url in crumbs)]
    plain = {"base_template": about.kind.template, "about": about, "is_sample": about.is_sample}
    plain["is_part"] = not whole(request.actor, about, "places.read")
    return render(request, template, {**plain, **base, **context}, status=status)


def show_everywhere(request: ActorRequest, entry: str, title: Any, table: Table) -> HttpResponse:
    """A list over all the reader's works, under its own line of the navigation."""
    request.entry = entry
    if table.export:
        return table.export_response()
    return render(request, "records/everywhere.html", {"title": title, "table": table})


@dataclass(frozen=True, slots=True)
class Offered:
    """A move that the actor may make now; `form` is None for a button. `is_open`: it was tried and refused."""

    move: Move
    form: RowForm | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field as the page of a row shows it. `file`: a stored file that its text names; `is_lead`: it stands above the others."""

    label: Any
    text: str
    file: Any = None
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """The views of one ledger."""

    ledger: Ledger

    def urls(self) -> list[URLPattern]:
        """Its addresses: `all` over every about, `list`, `new` and `take_in` under one, `row` under an about and a row."""
        reads, enters = page(self.ledger.reads), page(self.ledger.enters)
        both = require_http_methods(["GET", "POST"])
        entering = [
            path("<str:about_id>/new/", enters(both(self.new)), name="new"),
            path("<str:about_id>/import/", enters(both(self.take_in)), name="take_in"),
        ]
        return [
            path("", reads(require_GET(self.everywhere)), name="all"),
            path("<str:about_id>/", reads(require_GET(self.index)), name="list"),
            *(entering if self.ledger.enters else ()),
            path("<str:about_id>/<str:row_id>/", reads(both(self.row)), name="row"),
        ]

    def show(  # noqa: PLR0917 - what a page is made of
        self,
        request: ActorRequest,
        about: About,
        template: str,
        context: Mapping[str, Any],
        crumb: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """A page of this ledger; `crumb` names it on the way below the list."""
        ledger, home = self.ledger, self.ledger.url("list", about.id)
        crumbs = [(str(ledger.words.tab), home), (crumb, "")] if crumb else []
        given = {"ledger": ledger, "words": ledger.words, "list_url": home, **context}
        return page_of(request, about, ledger.name, template, given, crumbs=crumbs, status=status, entry=ledger.entry)

    def entering(self, request: ActorRequest, about_id: str) -> About:
        """What rows are entered about; 404 out of reach, 403 where there is no place the actor may name."""
        about = about_or_404(request, about_id, self.ledger.enters)
        own_places(request, about, self.ledger.enters)
        return about

    # -- the list ------------------------------------------------------------------------------------------------------

    def index(self, request: ActorRequest, about_id: str) -> HttpResponse:
        """The rows of the actor's part, with what adds up over them; by groups at once where the list is short."""
        about = about_or_404(request, about_id, self.ledger.reads)
        rows = queries.rows_of(self.ledger, request.actor, about)
        # Where only the table is asked for (a file, or what htmx puts in its place), nothing is added up.
        is_whole = "export" not in request.GET and "HX-Target" not in request.headers
        found = queries.tallied(self.ledger, rows, today(), None) if is_whole else None
        known = found.all().total if found else None
        table = ledger_table(self.ledger, request, rows, listed_for(self.ledger, request.actor, about, known))
        if table.export:
            return table.export_response()
        is_told = known is not None and bool(self.ledger.groups) and (known <= SHORT or "groups" in request.GET)
        if is_told:
            found = queries.tallied(self.ledger, rows, today(), self.ledger.groups)
        can_enter = bool(self.ledger.enters) and may(request.actor, self.ledger.enters)
        pages = ("new", "take_in") if can_enter else ()
        context = {
            "table": table,
            "can_enter": can_enter,
            **{f"{name}_url": self.ledger.url(name, about.id) for name in pages},
            "begin_url": self.begin_url(request, about),
            **(statistics(self.ledger, found, is_told=is_told) if found else {}),
        }
        return self.show(request, about, self.ledger.list_template, context)

    def begin_url(self, request: ActorRequest, about: About) -> str:
        """The page of the room's own on which rows begin, for whoever may over the whole about."""
        name, right = self.ledger.begins
        return reverse(name, args=[about.id]) if name and may(request.actor, right, about.district_id) else ""

    def everywhere(self, request: ActorRequest) -> HttpResponse:
        """The rows of all the reader's works in one list."""
        rows = queries.rows_everywhere(self.ledger, request.actor)
        table = ledger_table(self.ledger, request, rows, listed_for(self.ledger, request.actor, None))
        return show_everywhere(request, f"{self.ledger.name}:all", self.ledger.words.tab, table)

    # -- entering ------------------------------------------------------------------------------------------------------

    def new(self, request: ActorRequest, about_id: str) -> HttpResponse:
        """Enter a row."""
        ledger, actor, about = self.ledger, request.actor, self.entering(request, about_id)
        drawn = ledger.at(ShownIn.FORM)
        choices = choices_for(drawn, actor, about, today(), ledger.enters)
        start = {one.name: one.typed(one.start()) for one in drawn if one.start}
        form = RowForm(*sent(request), drawn=drawn, choices=choices, initial=start)
        form.columns = 2
        made: list[Any] = []

        def enter() -> None:
            values = form.values()
            values |= ledger.proposes(values) if ledger.proposes else {}
            made.extend(services.enter(actor=actor, ledger=ledger, about=about, drafts=[services.Draft(values)]))

        if request.method == "POST" and attempt(form, enter):
            return see_other(ledger.url("row", about.id, made[0].public_id))
        status = 422 if request.method == "POST" else 200
        context = {"form": form, "title": ledger.words.new, "button": _("Enter")}
        return self.show(request, about, "records/form.html", context, str(ledger.words.new), status)

    def take_in(self, request: ActorRequest, about_id: str) -> HttpResponse:
        """Take in a list; what is wrong is told row by row, and nothing is entered until all is well."""
        ledger, about = self.ledger, self.entering(request, about_id)
        if request.GET.get("template"):
            name = f"{ledger.words.template or ledger.words.tab}.xlsx"
            return download(lists.template_file(ledger), name=name, content_type=XLSX)
        form = ListForm(*sent(request))
        wrong: Sequence[Fault] = ()
        columns = ledger.at(ShownIn.EXCEL)
        if request.method == "POST" and form.is_valid():
            try:
                self.read(request, about, form.cleaned_data["file"])
            except Forbidden:
                raise
            except Refused as refused:
                heads = {one.name: one.heading for one in columns}
                wrong = [replace(one, field=heads.get(one.field, one.field)) for one in refused.faults]
            else:
                return see_other(ledger.url("list", about.id))
        chosen = [one for one in columns if one.kind is FieldKind.CHOICE]
        context = {"form": form, "faults": wrong, "heads": lists.heads(ledger), "chosen": chosen}
        status = 422 if wrong or form.errors else 200
        return self.show(request, about, "records/import.html", context, _("Take in a list"), status)

    def read(self, request: ActorRequest, about: About, file: Any) -> None:
        """Read a list and enter its rows; what was decided in reading it is said."""
        given: dict[str, Any] = {"ledger": self.ledger, "actor": request.actor, "about": about}
        with sent_by(actor=request.actor, name=file.name, place_id=about.district_id):
            drafts, sha256, listed = lists.read_drafts(file.read(), file.name, on=today(), **given)
        services.enter(**given, drafts=drafts, sha256=sha256, read=listed.recorded())
        for line in listed.said():
            messages.info(request, line)

    # -- one row -------------------------------------------------------------------------------------------------------

    def row(self, request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
        """One row: what it is, its history and evidence, and the next step of whoever may take it."""
        about = about_or_404(request, about_id, self.ledger.reads)
        row = queries.find_row(self.ledger, request.actor, about, row_id)
        if row is None:
            raise Http404(row_id)
        offered = self.offered(request, about, row)
        if request.method == "POST" and self.act(request, row, offered):
            return see_other(self.ledger.url("row", about.id, row_id))
        status = 422 if request.method == "POST" else 200
        context = {**self.shown(request, about, row), "cards": cards_of(offered)}
        return self.show(request, about, self.ledger.row_template, context, f"{row.number}", status)

    def offered(self, request: ActorRequest, about: About, row: Any) -> list[Offered]:
        """The moves the actor may make where the row stands; only a second person sees what judges. The service asks again."""
        found, pressed = [], request.POST.get("did", "")
        for step in self.ledger.moves_from(row.status):
            given: dict[str, Any] = {"actor": request.actor, "step": step, "row": row}
            if not may(request.actor, step.right, row.place_id) or not services.speaks(**given):
                continue
            if not services.is_theirs(ledger=self.ledger, **given):
                continue
            if services.is_first_person(**given) or (step.when and not step.when(row, today())):
                continue
            typed = sent(request) if pressed == step.name else ()
            form = move_form(self.ledger, step, row, request.actor, about, today(), *typed) if step.has_form else None
            found.append(Offered(step, form, pressed == step.name))
        return found

    def act(self, request: ActorRequest, row: Any, offered: Sequence[Offered]) -> bool:
        """Make the move behind the pressed button; whether it was done (or said why not, for a button without a form)."""
        pressed = request.POST.get("did", "")
        one = next((one for one in offered if one.move.name == pressed), None)
        if one is None:
            raise Http404(pressed)
        form, given = one.form, {"actor": request.actor, "ledger": self.ledger, "row": row, "name": pressed}
        if form is None:
            press(request, lambda: services.move(**given), str(one.move.done))
            return True

        def do() -> object:
            said = {name: form.cleaned_data.get(name, "") for name in ("reason", "note")}
            return services.move(
                **given, **said, upload=upload_of(form.cleaned_data.get("shown")), values=form.values()
            )

        return attempt(form, do)

    def shown(self, request: ActorRequest, about: About, row: Any) -> dict[str, Any]:
        """What the page of a row shows."""
        ledger, steps = self.ledger, self.ledger.moves_from(row.status)
        (line,) = queries.lines_of(ledger, request.actor, about, today(), [row])
        first = [
            step.waits
            for step in steps
            if step.waits and services.is_first_person(actor=request.actor, step=step, row=row)
        ]
        return {
            "row": row,
            "line": line,
            "title": line.values[ledger.title],
            "state": ledger.states(row.status),
            "is_late": line.late and not line.is_over,
            "facts": facts_of(ledger, line),
            "place_url": reverse("places:place", args=[row.place.public_id]),
            "waits": first[:1],
            "events": [(one, ledger.happened.get(one.did, one.did)) for one in queries.events_of(ledger, row)],
            "evidence": queries.evidence_of(ledger, row),
            **row_part_of(ledger, row, today()),
        }


def cards_of(offered: Sequence[Offered]) -> list[dict[str, Any]]:
    """Moves by the card they stand in, as declared; a card is folded when all in it are, open for the main thing or a refusal."""
    grouped: dict[str, list[Offered]] = {}
    for one in offered:
        grouped.setdefault(str(one.move.card or one.move.button), []).append(one)
    return [
        {
            "title": title,
            "moves": moves,
            "is_folded": all(one.move.is_folded for one in moves),
            "is_open": any(one.is_open or one.move.is_main for one in moves),
        }
        for title, moves in grouped.items()
    ]


def facts_of(ledger: Ledger, line: queries.LedgerLine) -> list[ShownField]:
    """The fields of a row in words, without texts and files that are not there."""
    found, fields = [], ledger.at(ShownIn.PAGE)
    for one in fields:
        value = line.values[one.name]
        if (
            one.beside
            or one.name in ("place", ledger.title)
            or (not value and one.kind in (FieldKind.TEXT, FieldKind.FILE))
        ):
            continue
        if one.kind is FieldKind.FILE:
            found.append(ShownField(one.label, value.name, value))
            continue
        both = [one, *(other for other in fields if other.beside == one.name)]
        text = " · ".join(shown_value(each, line.values[each.name]) for each in both)
        found.append(ShownField(one.label, text, is_lead=one.is_lead))
    return found

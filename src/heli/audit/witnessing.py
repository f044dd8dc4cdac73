"""What the trail says of rows: a keyed tag of each, in pages of 256, and one digest of all pages in every entry (`state`).

A page is eight bytes a row. The root of a table is the sum of its pages' keyed hashes, so that an act replaces what it
touched and reads nothing else; the state covers all roots. Before a row's tag is replaced, the row as it was must fit it:
what was changed past Heli keeps its old tag, and so goes on being named.
"""

import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from heli.audit import capturing
from heli.audit.keys import derived_key
from heli.audit.types import Head
from heli.audit.witnesses import ABSENT, TAG, TableShape, Tagger, offered, read_range, read_rows, run, run_many
from heli.kernel.faults import Fault

PAGE = 256
EMPTY = ABSENT * PAGE
AT_ONCE = 64
"""Pages that are worked on together."""
SHOWN = 20
MODULUS = 1 << 256
LARGEST = (1 << 63) - 1
"""Of the keys a database can hold; a hand in it may choose one that Heli never would."""
Row = tuple[Any, ...]

UPSERT = (
    "INSERT INTO audit_witnesspage (relation, number, tags) VALUES (%s, %s, %s) "
    "ON CONFLICT (relation, number) DO UPDATE SET tags = excluded.tags"
)


class WitnessesOutdated(Exception):
    """The code witnesses other columns than the database: `heli migrate` brings them together."""


@dataclass
class Root:
    """What is kept of a table: its shape, and the sum over its pages."""

    shape: TableShape
    total: int
    is_new: bool = True

    def replace(self, number: int, old: bytes, new: bytes) -> None:
        """Another page stands in place of one."""
        table = self.shape.table
        self.total = (self.total + _page_hash(table, number, new) - _page_hash(table, number, old)) % MODULUS
        self.is_new = True

    @property
    def line(self) -> str:
        """What the state covers."""
        return f"{self.shape.table}\x1f{self.shape.kept}\x1f{self.total:064x}\n"


@dataclass
class Settled:
    """The state after an act, and the rows that did not fit their tags before it."""

    state: str
    faults: list[Fault] = field(default_factory=list)


def settle(state: str, *, is_first: bool) -> Settled:
    """Take over what the act has touched; under the turn at the head of the chain. `state` is what the head says."""
    if is_first:
        roots = {table: Root(shape, 0) for table, shape in offered().items()}
        _begin_roots(roots)
        state = _state(roots)
    few = capturing.few()
    if few == []:
        return Settled(state)
    roots = _read_roots() if state else {}
    if state and _state(roots) != state:
        roots, faults = {}, [_replaced()]
    elif roots and {table: root.shape for table, root in roots.items()} != offered():
        raise WitnessesOutdated("the witnessed columns have changed: run heli migrate")
    else:
        faults = _settle_few(roots, few) if few is not None else _settle_many(roots)
        _write_roots(roots)
    capturing.end()
    return Settled(_state(roots) if roots else "", faults)


def _settle_few(roots: dict[str, Root], few: list[capturing.Touched]) -> list[Fault]:
    faults: list[Fault] = []
    for table in {one[0] for one in few} & roots.keys():
        pages: dict[int, dict[int, str | None]] = {}
        for name, key, was in few:
            if name == table:
                pages.setdefault(key // PAGE, {}).setdefault(key, was)
        faults += _settle_pages(roots[table], Tagger(roots[table].shape), pages)
    return faults


def _settle_many(roots: dict[str, Root]) -> list[Fault]:
    """An import: new rows one after the other are taken page by page, everything else row by row."""
    faults: list[Fault] = []
    for table, fresh in capturing.pages_of_new_rows(PAGE).items():
        root = roots.get(table)
        if root is not None:
            tagger = Tagger(root.shape)
            faults += _settle_fresh(root, tagger, fresh) if fresh is not None else _settle_rows(root, tagger)
    return faults


def _settle_fresh(root: Root, tagger: Tagger, fresh: list[tuple[int, int]]) -> list[Fault]:
    shape, faults = root.shape, []
    for start in range(0, len(fresh), AT_ONCE):
        some = fresh[start : start + AT_ONCE]
        kept, made = _read_pages(shape.table, [first // PAGE for first, _last in some]), []
        for first, last in some:
            number, begin, end = first // PAGE, first % PAGE * TAG, (last % PAGE + 1) * TAG
            tags = b"".join([tagger.tag(row) for row in read_range(shape, first, last)])
            old = kept.get(number, EMPTY)
            if len(tags) != end - begin or old[begin:end].strip(b"\0"):
                rows = {number: dict.fromkeys(range(first, last + 1))}
                faults += _settle_pages(root, tagger, rows)
                continue
            page = old[:begin] + tags + old[end:]
            root.replace(number, old, page)
            made.append((shape.table, number, page))
        run_many(UPSERT, made)
    return faults


def _settle_rows(root: Root, tagger: Tagger) -> list[Fault]:
    faults: list[Fault] = []
    pages: dict[int, dict[int, str | None]] = {}
    for key, was in capturing.in_order(root.shape.table):
        number = key // PAGE
        if number not in pages and len(pages) == AT_ONCE:
            faults += _settle_pages(root, tagger, pages)
            pages = {}
        pages.setdefault(number, {}).setdefault(key, was)
    return faults + _settle_pages(root, tagger, pages)


def _settle_pages(root: Root, tagger: Tagger, pages: dict[int, dict[int, str | None]]) -> list[Fault]:
    shape, faults, made = root.shape, [], []
    keys = [key for rows in pages.values() for key in rows]
    tags = {row[0]: tagger.tag(row) for row in read_rows(shape, keys)}
    kept = _read_pages(shape.table, list(pages))
    for number, rows in pages.items():
        old = kept.get(number, EMPTY)
        page = bytearray(old)
        for key, was in rows.items():
            at = key % PAGE * TAG
            before = ABSENT if was is None else tagger.tag(json.loads(was))
            if page[at : at + TAG] == before:
                page[at : at + TAG] = tags.get(key, ABSENT)
            else:
                faults.append(_changed(shape, key, "row_changed"))
        if page != old:
            root.replace(number, old, bytes(page))
            made.append((shape.table, number, bytes(page)))
    run_many(UPSERT, made)
    return faults


def renew() -> str:
    """Take all rows as they stand; the new state. For what a person has accepted, and after migrations."""
    roots = {table: Root(shape, 0) for table, shape in offered().items()}
    _begin_roots(roots)
    for table, root in roots.items():
        shape = root.shape
        tagger = Tagger(shape)
        for number, rows in _rows_by_page(shape):
            page = bytearray(EMPTY)
            for row in rows:
                at = row[0] % PAGE * TAG
                page[at : at + TAG] = tagger.tag(row)
            root.replace(number, EMPTY, bytes(page))
            run_many(UPSERT, [(table, number, bytes(page))])
    _write_roots(roots)
    capturing.end()
    return _state(roots)


def is_as_offered() -> bool:
    """Whether the columns that were witnessed, if any were, are those that contexts offer now."""
    shapes = {table: root.shape for table, root in _read_roots().items()}
    return not shapes or shapes == offered()


def find_changed(state: str, head: Head, *, as_kept: bool = False) -> Iterator[Fault]:
    """Every row that is not what the trail last said of it, table by table; inside one snapshot with the head's `state`.

    `as_kept`: by the columns as they were witnessed, whatever the code offers now (before a migration).
    """
    connection.ensure_connection()
    if not head.seq:
        return
    if not state:
        text = _("Rows are not witnessed since an earlier entry: look into it, then run heli audit accept.")
        yield Fault("rows_not_witnessed", text, source=f"entry {head.seq}")
        return
    roots = _read_roots()
    if _state(roots) != state:
        yield _replaced()
    for table, root in roots.items():
        columns = {name for name, _kind in root.shape.columns}
        if not columns <= _columns_present(table) or not (as_kept or offered().get(table) == root.shape):
            text = _("The columns of %(table)s are not those that were witnessed: run heli migrate.")
            yield Fault("witness_outdated", text % {"table": root.shape.label}, source=root.shape.label)
        else:
            yield from _compare(root)


def _compare(root: Root) -> Iterator[Fault]:
    shape, tagger, total, found = root.shape, Tagger(root.shape), 0, 0
    for number, kept, rows in _side_by_side(shape):
        total += _page_hash(shape.table, number, kept)
        for fault in _differing(shape, number, kept, {row[0]: tagger.tag(row) for row in rows}):
            found += 1
            if found <= SHOWN:
                yield fault
    if found > SHOWN:
        text = _("%(table)s: %(count)s more rows are not what the trail last said of them.")
        given = {"table": shape.label, "count": found - SHOWN}
        yield Fault("rows_changed", text % given, source=shape.label)
    if total % MODULUS != root.total:
        text = _("What the trail keeps of %(table)s was itself changed, or replaced by an older state.")
        yield Fault("witness_changed", text % {"table": shape.label}, source=shape.label)


def _side_by_side(shape: TableShape) -> Iterator[tuple[int, bytes, list[Row]]]:
    """Page by page: its number, the tags that are kept, the rows that are there."""
    kept: Iterator[tuple[int, bytes | list[Row]]] = _all_pages(shape.table)
    there: Iterator[tuple[int, bytes | list[Row]]] = _rows_by_page(shape)
    for number, both in groupby(merge(kept, there, key=lambda one: one[0]), key=lambda one: one[0]):
        tags, rows = EMPTY, []
        for _number, one in both:
            if isinstance(one, bytes):
                tags = one
            else:
                rows = one
        yield number, tags, rows


def _differing(shape: TableShape, number: int, kept: bytes, now: dict[int, bytes]) -> Iterator[Fault]:
    """The rows of a page that differ from their tags."""
    for slot in range(PAGE):
        key = number * PAGE + slot
        said, is_now = kept[slot * TAG : slot * TAG + TAG], now.get(key, ABSENT)
        if said == is_now:
            continue
        if said == ABSENT:
            yield _changed(shape, key, "row_added")
        else:
            yield _changed(shape, key, "row_deleted" if is_now == ABSENT else "row_changed")


def _changed(shape: TableShape, key: int, code: str) -> Fault:
    texts = {
        "row_changed": _("%(table)s %(key)s is not what the trail last said of it: it was changed past Heli."),
        "row_added": _("%(table)s %(key)s is unknown to the trail: it was added past Heli."),
        "row_deleted": _("%(table)s %(key)s is known to the trail but not there: it was deleted past Heli."),
    }
    return Fault(code, texts[code] % {"table": shape.label, "key": key}, source=f"{shape.label} {key}")


def _replaced() -> Fault:
    text = _(
        "What the trail keeps of rows is not what its last entry says: it was changed, or replaced by an older state."
    )
    return Fault("witness_changed", text, source="witness")


# -- what is kept --------------------------------------------------------------------------------------------------------


def _state(roots: dict[str, Root]) -> str:
    said = "".join(root.line for _table, root in sorted(roots.items()))
    return hmac.digest(derived_key("state"), said.encode(), "sha256").hex()


def _page_hash(table: str, number: int, tags: bytes | bytearray) -> int:
    """What a page adds to its root; an empty page adds nothing."""
    if tags == EMPTY:
        return 0
    return int.from_bytes(hmac.digest(derived_key("page"), f"{table}:{number}:".encode() + tags, "sha256"), "big")


def _read_roots() -> dict[str, Root]:
    kept = run("SELECT relation, shape, total FROM audit_witnessroot")
    return {table: Root(TableShape.of(table, shape), int(total, 16), is_new=False) for table, shape, total in kept}


def _begin_roots(roots: dict[str, Root]) -> None:
    run("DELETE FROM audit_witnesspage")
    run("DELETE FROM audit_witnessroot")
    _write_roots(roots)


def _write_roots(roots: dict[str, Root]) -> None:
    run_many(
        "INSERT INTO audit_witnessroot (relation, shape, total) VALUES (%s, %s, %s) "
        "ON CONFLICT (relation) DO UPDATE SET shape = excluded.shape, total = excluded.total",
        [(table, root.shape.kept, f"{root.total:064x}") for table, root in roots.items() if root.is_new],
    )


def _read_pages(table: str, numbers: Sequence[int]) -> dict[int, bytes]:
    if not numbers:
        return {}
    marks = ", ".join(["%s"] * len(numbers))
    found = run(
        f"SELECT number, tags FROM audit_witnesspage WHERE relation = %s AND number IN ({marks})", [table, *numbers]
    )
    return {number: bytes(tags) for number, tags in found}


def _all_pages(table: str) -> Iterator[tuple[int, bytes]]:
    after = -LARGEST
    while True:
        found = list(
            run(
                f"SELECT number, tags FROM audit_witnesspage WHERE relation = %s AND number > %s ORDER BY number LIMIT {AT_ONCE}",
                [table, after],
            )
        )
        yield from ((number, bytes(tags)) for number, tags in found)
        if not found:
            return
        after = found[-1][0]


def _rows_by_page(shape: TableShape) -> Iterator[tuple[int, list[Row]]]:
    """All rows in the order of their keys, page by page; constant memory."""
    key, where = shape.columns[0][0], ""
    after: list[int] = []
    while True:
        first = next(iter(run(f'SELECT MIN("{key}") FROM "{shape.table}" {where}', after)))[0]
        if first is None:
            return
        last = min(first // PAGE * PAGE + AT_ONCE * PAGE - 1, LARGEST)
        for number, rows in groupby(read_range(shape, first, last), key=lambda row: row[0] // PAGE):
            yield number, list(rows)
        where, after = f'WHERE "{key}" > %s', [last]


def _columns_present(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}

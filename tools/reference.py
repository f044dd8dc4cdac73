"""Write docs/reference from the code and data files, so that it cannot rot; `tests/test_docs.py` fails when it is stale.

python tools/reference.py            write
python tools/reference.py --check    exit 1 when a page differs
"""

import argparse
import inspect
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "heli"


def commands() -> str:
    """Every `heli` and `mergeplan` command with its options."""
    import typer
    from django.core.management import BaseCommand, get_commands, load_command_class

    from mergeplan.cli import app

    common = {option for action in BaseCommand().create_parser("heli", "")._actions for option in action.option_strings}
    parts = ["# Commands\n", "`heli <command>`; those of Django itself (`migrate`, …) work too.\n"]
    for name, owner in sorted(get_commands().items()):
        if isinstance(owner, str) and owner.startswith("heli."):
            command = load_command_class(owner, name)
            parts += _command(f"heli {name}", command.help, command.create_parser("heli", name), common)
    parts.append("## mergeplan\n\nThe planner by itself; see [how to use it](../how-to/plan-with-the-command.md).\n")
    group: Any = typer.main.get_command(app)
    for name, each in group.commands.items():
        parts += [f"### mergeplan {name}\n", f"{inspect.cleandoc(each.help or '')}\n", *_TABLE]
        for option in each.params:
            label = ", ".join(option.opts) if option.param_type_name == "option" else option.name.upper()
            parts.append(f"| `{label}` | {getattr(option, 'help', None) or ''} |")
        parts.append("")
    return "\n".join(parts)


_TABLE = ["| option | meaning |", "|---|---|"]


def _command(title: str, summary: str, parser: argparse.ArgumentParser, common: set[str]) -> list[str]:
    """A heading, what it does, its options; then the same for each command below it. Read from the parser, since the
    wording of its own help differs between versions of Python."""
    lines, below = [], []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            told = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, sub in action.choices.items():
                below += _command(f"{title} {name}", told.get(name, ""), sub, common)
        elif not common & set(action.option_strings):
            label = ", ".join(action.option_strings) or action.dest
            if action.option_strings and action.nargs != 0:
                label += f" {action.metavar or action.dest.upper()}"
            choices = f" One of {', '.join(f'`{each}`' for each in action.choices)}." if action.choices else ""
            lines.append(f"| `{label}` | {' '.join((action.help or '').split())}{choices} |")
    return [f"## {title}\n", f"{summary}\n", *([*_TABLE, *lines, ""] if lines else []), *below]


def roles() -> str:
    """Which role may do what, from the role table."""
    from heli.accounts.rules import role_table
    from heli.accounts.texts import ROLES

    rows = [
        "# Roles and actions\n",
        "From `accounts/data/roles.toml`. A grant ties a role to a place with everything under it, or to a body; an action",
        "needs both. `places.*` is every action of places, `*.read` is reading everywhere.",
        "Everyone who is signed in has `ui.read`.\n",
    ]
    for name, role in role_table().roles.items():
        factor = " Must set up a second factor." if role.second_factor else ""
        actions = ", ".join(f"`{action}`" for action in role.actions)
        rows.append(f"## {ROLES[name]} · `{name}`\n\n{actions}.{factor}\n")
    return "\n".join(rows)


def measures() -> str:
    """The measures that facts may have."""
    from heli.kernel.packs import load_pack
    from heli.places.measures import FILE, KEYS, MEASURE_KEYS

    table = load_pack(FILE, KEYS).data["measures"]
    keys = [key.name for key in MEASURE_KEYS]
    rows = [
        "# Measures\n",
        "From `places/data/measures.toml`. Values are integers in the unit named. An additive one is carried along the lineage by",
        "the share of people or of area; a ratio has no values of its own and is divided at the end.\n",
        "| measure | " + " | ".join(keys) + " |",
        "|---" * (len(keys) + 1) + "|",
    ]
    rows += [
        f"| `{name}` | " + " | ".join(_cell(entry.get(key, "")) for key in keys) + " |" for name, entry in table.items()
    ]
    return "\n".join(rows) + "\n"


def _cell(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def figures() -> str:
    """Every figure that the contexts declare, as the registry lists them."""
    from heli.figures.catalogue import declared

    rows = [
        "# Figures\n",
        "Every number that Heli prints, as its context declares it; the registry in Heli shows the same with live values.",
        "Sums are added up along the places; a ratio is made of its two sums and rounded half up at the end.\n",
        "| figure | name | meaning | unit | over places | source |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| `{one.id}` v{one.version} | {one.title} | {one.meaning} | {one.unit} | {one.over_places} | {one.source} |"
        for one in declared()
        if (SOURCE / one.id.partition(".")[0]).is_dir()
    ]
    return "\n".join(rows) + "\n"


def moves() -> str:
    """Every ledger's table of states and moves, drawn from its declaration."""
    from heli.records.ledgers import ledgers

    rows = [
        "# Moves\n",
        "How the rows of each list go from state to state, as it [declares](../explanation/ledgers.md) it. *Second person*: not",
        "whoever took the step named. *In the name of*: only those who hold the right over that very body.\n",
    ]
    own = (one for one in ledgers().values() if one.model.__module__.startswith("heli."))
    for ledger in sorted(own, key=lambda one: one.name):
        drawn = [(source.value, move) for move in ledger.moves for source in move.sources]
        rows += [f"## {ledger.words.tab} · `{ledger.name}`\n", "```mermaid", "stateDiagram-v2"]
        rows += [f"    {state.value} : {state.label}" for state in ledger.states]
        rows += [f"    {source} --> {move.leads(source)} : {move.name}" for source, move in drawn]
        rows += ["```\n", "| move | from | to | right | second person | in the name of | asks |", "|---" * 7 + "|"]
        rows += [_move_row(move) for move in ledger.moves] + [""]
    return "\n".join(rows)


def _move_row(move: Any) -> str:
    shown = ["photo" if move.photo else "evidence"] if move.evidence else []
    asks = ", ".join([*move.asks, *(["reason"] if move.reason else []), *shown])
    sources = ", ".join(str(source.label) for source in move.sources)
    names = (f"`{move.name}` {move.button}", sources, move.to.label if move.to else "", f"`{move.right}`")
    return "| " + " | ".join(str(cell) for cell in (*names, move.never, move.speaks_for, asks)) + " |"


def settings() -> str:
    """The environment variables that the settings read."""
    from heli.kernel.packs import Key, Shape, load_pack

    text = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py")) if "tests" not in path.parts
    )
    names = sorted(set(re.findall(r"environ(?:\.get\(|\[)\s*\"((?:HELI_|DATABASE_)\w+)\"", text)) - {"HELI_CI"})
    keys = tuple(Key(name, Shape.TEXT, "what it is for") for name in names)
    variables = (Key("variables", Shape.TABLE, "those that the settings read", keys=keys),)
    described = load_pack(ROOT / "docs" / "settings.toml", variables).data["variables"]
    rows = [
        "# Settings\n",
        "All of them are environment variables; none is needed for a small office.\n",
        "| variable | meaning |",
        "|---|---|",
    ]
    return "\n".join(rows + [f"| `{name}` | {described[name]} |" for name in names]) + "\n"


def playbooks() -> str:
    """What a playbook may hold, as its reader checks it, and the shipped ones."""
    from heli.campaigns.rules.playbooks import EVIDENCE_KEYS, PLAYBOOK_KEYS, STAGE_KEYS, STEP_KEYS, shipped_playbooks
    from heli.campaigns.rules.schedule import compute_length, critical_path
    from heli.kernel.packs import HEADER

    parts = [
        "# Playbook keys\n",
        "A playbook is a TOML file; [how to write one](../how-to/write-a-playbook.md). Any other key is refused, with its line.\n",
    ]
    for title, keys in (
        ("The head of every data file", HEADER),
        ("The playbook", PLAYBOOK_KEYS),
        ("A stage, `[[stages]]`", STAGE_KEYS),
        ("A step, `[[stages.steps]]`", STEP_KEYS),
        ("A piece of evidence", EVIDENCE_KEYS),
    ):
        parts += [f"## {title}\n", "| key | holds | needed | meaning |", "|---|---|---|---|", *map(_key_row, keys), ""]
    parts += ["## Shipped\n", "| playbook | stages | steps | working days | critical path |", "|---|---|---|---|---|"]
    for key, book in shipped_playbooks().items():
        path = " → ".join(f"`{step}`" for step in critical_path(book))
        cells = (
            f"{book.title.en} {book.title.zh} · `{key}`",
            len(book.stages),
            len(book.steps),
            compute_length(book),
            path,
        )
        parts.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(parts)


def _key_row(key: Any) -> str:
    holds = "`{zh = …, en = …}`" if {each.name for each in key.keys} == {"zh", "en"} else str(key.shape)
    choices = f" One of {', '.join(f'`{each}`' for each in key.choices)}." if key.choices else ""
    return f"| `{key.name}` | {holds} | {'yes' if key.required else 'no'} | {key.meaning}.{choices} |"


def documents() -> str:
    """The templates of documents, what a template's file may hold, and the fields there are."""
    from heli.files.templating.document_files import TEMPLATE_KEYS
    from heli.papers.queries.templates import catalogue, shipped_templates

    parts = [
        "# Documents\n",
        "Templates are TOML files in `src/heli/papers/data/documents`; a folder `papers/documents` among the rules of the",
        "locality replaces and adds. [How to change one](../how-to/change-a-document.md).\n",
        "## Shipped\n",
        "| template | 名称 | one per | rests on |",
        "|---|---|---|---|",
        *(
            f"| `{t.key}` | {t.title.zh} {t.title.en} | {t.per} | {_cell(t.source)} |"
            for t in shipped_templates().values()
        ),
        "\n## Keys of a template\n",
        "| key | holds | |",
        "|---|---|---|",
        *(_key_row(key) for key in TEMPLATE_KEYS),
        "\n## Fields\n",
        "| field | 名称 | given by | columns of a row |",
        "|---|---|---|---|",
    ]
    for rule in catalogue().fields.values():
        columns = " ".join(f"`{column}`" for column in rule.columns)
        parts.append(f"| `{rule.id}` | {rule.name.zh} {rule.name.en} | {rule.given_by} | {columns} |")
    return "\n".join(parts)


def laws() -> str:
    """The packs of law with their inequalities, and what was not read."""
    from heli.assemblies.rules.law import shelf

    parts = [
        "# Packs of law\n",
        "From `assemblies/data/packs`; a folder `assemblies/packs` among the rules of the locality replaces and adds.",
        "[Why whole numbers](../explanation/majorities.md).\n",
    ]
    for pack in sorted(shelf().packs, key=lambda pack: (pack.header.jurisdiction, pack.kind, pack.header.valid_from)):
        head, until = pack.header, f" to {pack.header.valid_to}" if pack.header.valid_to else ""
        parts += [
            f"## {head.jurisdiction} {pack.kind} {head.valid_from}\n",
            f"{pack.title.zh} {pack.title.en}, from {head.valid_from}{until}, v{head.version}. {head.source}.\n",
            "| article | rule | 内容 | test | bodies |",
            "|---|---|---|---|---|",
        ]
        lines: list[Any] = [*pack.rules, *pack.readings]
        for one in lines:
            rule, test = (one.text(), one.test) if one in pack.rules else (one.id, "reading")
            article = one.article.removeprefix(pack.title.zh).strip()
            parts.append(
                f"| {article} | `{rule}` | {one.words.zh} {one.words.en} | {test} | {', '.join(sorted(one.bodies))} |"
            )
        parts += ["", *(f"Not read: {words.zh} {words.en}." for words in pack.not_read), ""]
    return "\n".join(parts)


def accounts() -> str:
    """The chart of accounts."""
    from heli.ledger.catalogues import chart

    catalogue = chart()
    parts = [
        "# Accounts\n",
        f"From `ledger/data/accounts_2024.toml`, v{catalogue.version}; a locality's own `ledger/accounts_2024.toml` comes first.",
        f"{catalogue.source}. Levels below are free.\n",
        "| account | 科目 | | class | grows in |",
        "|---|---|---|---|---|",
    ]
    for code, one in catalogue.entries.items():
        parts.append(f"| {code} | {one.words.zh} | {one.words.en} | {one.more['class']} | {one.more['side']} |")
    return "\n".join(parts)


def planner() -> str:
    """The public names of `mergeplan` with their signatures and docstrings."""
    import mergeplan

    parts = ["# mergeplan\n", f"{inspect.getdoc(mergeplan)}\n"]
    for name in sorted(mergeplan.__all__):
        thing = getattr(mergeplan, name)
        if not (inspect.isclass(thing) or inspect.isfunction(thing)):
            continue
        signature = ""
        if inspect.isfunction(thing):
            signature = re.sub(r"<(\S+) object at [^>]*>", r"<\1>", str(inspect.signature(thing)))
        parts.append(f"## {name}\n\n```python\n{name}{signature}\n```\n\n{inspect.getdoc(thing) or ''}\n")
    return "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "roles.md": roles,
    "measures.md": measures,
    "figures.md": figures,
    "moves.md": moves,
    "settings.md": settings,
    "playbook-keys.md": playbooks,
    "documents.md": documents,
    "law-packs.md": laws,
    "mergeplan.md": planner,
    "accounts.md": accounts,
}


def build(name: str) -> str:
    """The whole text of a page, in English. Needs Django to be set up."""
    from django.utils import translation

    with translation.override("en"):
        text = PAGES[name]()
    return "<!-- Generated by `python3 run.py docs`; edit the source instead. -->\n\n" + text.rstrip("\n") + "\n"


def stale() -> list[str]:
    """The pages that differ from what the code says."""
    return [
        name
        for name in PAGES
        if not (REFERENCE / name).exists() or (REFERENCE / name).read_text(encoding="utf-8") != build(name)
    ]


def main() -> int:
    """Write or compare all pages; the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    import django

    django.setup()
    if "--check" in sys.argv:
        for name in (differing := stale()):
            print(f"docs/reference/{name} is stale: run python3 run.py docs", file=sys.stderr)
        return bool(differing)
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (REFERENCE / name).write_text(build(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

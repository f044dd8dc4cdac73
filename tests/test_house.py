"""The rules of the house that no import linter can see: keys point downwards, templates link downwards."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import PROTECT, ForeignKey

ROOT = Path(__file__).resolve().parents[1]
LAYERS = [
    ["kernel"],
    ["ui"],
    ["audit"],
    ["files"],
    ["places"],
    ["bodies"],
    ["accounts"],
    ["notices"],
    ["records"],
    ["meetings"],
    ["consultation"],
    ["problems"],
    ["risks", "rounds", "inquiries"],
    ["points"],
    ["posts", "planning"],
    ["appraisal"],
    ["assemblies"],
    ["ledger", "matters"],
    ["stations"],
    ["handover"],
    ["campaigns"],
    ["papers", "warnings"],
    ["figures"],
    ["web"],
    ["config"],
]
HEIGHT = {context: height for height, contexts in enumerate(LAYERS) for context in contexts}


def of_ours() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("heli.")]


def test_foreign_keys_point_downwards_and_protect() -> None:
    wrong = []
    for model in of_ours():
        here = model._meta.app_label  # type: ignore[attr-defined]  # a model
        for field in model._meta.get_fields():  # type: ignore[attr-defined]  # a model
            if not isinstance(field, ForeignKey) or not isinstance(field.remote_field.model, type):
                continue
            there = field.remote_field.model._meta.app_label
            if there not in HEIGHT:
                continue
            if here != there and HEIGHT[there] >= HEIGHT[here]:
                wrong.append(f"{here}.{model.__name__}.{field.name} points upwards to {there}")
            if field.remote_field.on_delete is not PROTECT:
                wrong.append(f"{here}.{model.__name__}.{field.name} does not PROTECT")
    assert wrong == []


@pytest.mark.parametrize("context", [c for c in HEIGHT if (ROOT / "src/heli" / c / "templates").is_dir()])
def test_templates_link_only_to_their_own_or_lower_contexts(context: str) -> None:
    wrong = []
    for template in sorted((ROOT / "src/heli" / context / "templates").rglob("*.html")):
        for name, rest in re.findall(r"{%\s*url\s+['\"](\w+):([^%]*)%}", template.read_text(encoding="utf-8")):
            # The shell offers home and search, which `web` owns, and does without when they are absent (`as`).
            if HEIGHT.get(name, 0) > HEIGHT[context] and not (context == "ui" and " as " in rest):
                wrong.append(f"{template.relative_to(ROOT)} links up to {name}")
    assert wrong == []


def test_every_model_says_a_sentence_about_the_real_world() -> None:
    assert [m.__name__ for m in of_ours() if not m.__doc__ or m.__doc__.startswith(f"{m.__name__}(")] == []


MOMENTS = {"src/heli/audit/testing.py"}
"""Asks whether it is later than a moment before, for no day."""


def test_tests_and_builders_do_not_look_at_the_clock() -> None:
    """They name their day, or ask the server they talk to; a deadline for waiting (`monotonic`) is not a day."""
    looks = re.compile(
        r"\bdate\.today\(|\bdatetime\.(now|today|utcnow)\(|\btimezone\.(now|localdate|localtime)\(\)|\blocaldate\(\)|\btime\.(time|localtime|strftime)\("
    )
    sources = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "src").rglob("*.py")]
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(sources)
        if {"tests", "testing", "testing.py"} & set(path.relative_to(ROOT).parts)
        and path.relative_to(ROOT).as_posix() not in MOMENTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if looks.search(line)
    ]
    assert wrong == []


def test_what_a_checker_is_told_to_overlook_has_its_reason_beside_it() -> None:
    """`# type: ignore[code]  # why` and `# noqa: CODE - why`; a whole file says why too."""
    bare = re.compile(r"# (type: ignore(\[[a-z, -]+\])?|noqa(: [A-Z0-9, ]+)?)\s*$")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("src", "tests", "benchmarks", "tools")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert wrong == []


def test_no_file_of_code_is_longer_than_a_person_holds_in_mind() -> None:
    """400 lines; a file that passes them becomes several by topic. Migrations are written by the machine."""
    sources = [path for folder in ("src", "tests", "benchmarks", "tools") for path in (ROOT / folder).rglob("*.py")]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*sources, *ROOT.glob("*.py")]
        if not {"migrations", "data"} & set(path.parts)
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_views_and_panels_ask_queries_and_not_the_database() -> None:
    """What is scoped, and how many questions a page asks, is seen and tested in one place."""
    doors = [
        path
        for path in (ROOT / "src/heli").rglob("*.py")
        if {"views", "panels"} & {*path.parent.parts, path.stem} and "tests" not in path.parts
    ]
    asking = re.compile(
        r"\.objects\b|_default_manager|_base_manager|get_object_or_404\(\s*[A-Z]|\.(select|prefetch)_related\("
    )
    assert [path.relative_to(ROOT).as_posix() for path in doors if asking.search(path.read_text("utf-8"))] == []


TRAIL = {"writing", "record", "record_afterwards"}
"""The words of the trail (`audit.services`): every service says them with the actor and the act in this order."""


def test_services_are_asked_by_keyword_and_the_actor_stands_first() -> None:
    """`def f(*, actor, …)`; what takes no actor may be given one thing by place."""
    wrong = []
    for path in sorted((ROOT / "src/heli").rglob("*.py")):
        where = path.relative_to(ROOT / "src/heli")
        if "tests" in where.parts or not (path.stem.endswith("services") or path.parent.name == "services"):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            placed = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
            named = [one.arg for one in node.args.kwonlyargs]
            if where.parts[0] == "audit" and node.name in TRAIL:
                continue
            acts = "actor" in (*placed, *named)
            if len(placed) > (0 if acts else 1) or (acts and named[0] != "actor"):
                wrong.append(f"{where}:{node.lineno} {node.name}({', '.join([*placed, '*', *named])})")
    assert wrong == []


def test_data_files_are_read_by_the_kernel_alone() -> None:
    """Strictly, with header, file and line (kernel.packs); a reader of one's own would let mistakes pass."""
    sources = [
        path for folder in ("src", "tools") for path in (ROOT / folder).rglob("*.py") if "tests" not in path.parts
    ]
    readers = [path.relative_to(ROOT).as_posix() for path in sources if "import tomllib" in path.read_text("utf-8")]
    assert readers == ["src/heli/kernel/packs.py"]


def test_an_address_that_does_not_exist_is_never_swallowed() -> None:
    """Neither in code nor in templates, where the house's own `{% url … as … %}` (ui.templatetags.addresses) complains."""
    sources = [
        path for path in (ROOT / "src").rglob("*.py") if "tests" not in path.parts and path.name != "addresses.py"
    ]
    assert [str(path.relative_to(ROOT)) for path in sources if "NoReverseMatch" in path.read_text("utf-8")] == []


def test_no_line_of_a_template_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}: {len(line)} columns"
        for path in sorted((ROOT / "src").rglob("templates/**/*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > 160
    ]
    assert long == [], (
        "break it beside a block, or inside a tag: a new line between words or inline elements shows as a space"
    )


def test_a_text_over_several_lines_is_trimmed_because_its_indent_may_change() -> None:
    loose = [
        f"{path.relative_to(ROOT)}: {text[:60]!r}"
        for path in sorted((ROOT / "src").rglob("templates/**/*.html"))
        for text in re.findall(r"{% blocktranslate .*?{% endblocktranslate %}", path.read_text("utf-8"), re.DOTALL)
        if "\n" in text and " trimmed" not in text.split("%}")[0]
    ]
    assert loose == []


def test_no_source_names_a_machine_or_a_registry() -> None:
    suspicious = re.compile(r"/wor[k]/|\.\./share[d]|/far[m]/|files\.pythonhosted|registry\.npmj[s]")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("src", "docs", "benchmarks", "tools", "requirements", ".ci")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file()
        and path.suffix in {".py", ".md", ".txt", ".html", ".toml", ".js", ".css", ".sh", ""}
        and not {"vendor", "__pycache__"} & set(path.parts)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if suspicious.search(line)
    ]
    assert wrong == []


def test_a_class_name_means_one_thing() -> None:
    """In Heli and in the planner alike (ADR 0013). Names that Django gives (`Meta`, `Command`) and private ones stay at home."""
    homes: dict[str, list[str]] = {}
    for path in sorted((ROOT / "src").rglob("*.py")):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.ClassDef)
                and not node.name.startswith("_")
                and node.name not in {"Meta", "Command"}
            ):
                homes.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_every_module_says_what_it_alone_is_for() -> None:
    said: dict[str, list[str]] = {}
    for path in sorted((ROOT / "src").rglob("*.py")):
        if "migrations" not in path.parts and (words := ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))):
            said.setdefault(words, []).append(path.relative_to(ROOT).as_posix())
    assert {words: where for words, where in said.items() if len(where) > 1} == {}

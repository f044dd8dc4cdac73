"""The documents are true: their commands run, their links lead somewhere, their words are those on screen."""

import importlib.util
import re
import shlex
import shutil
import struct
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import get_commands, load_command_class
from typer.testing import CliRunner

from heli.campaigns.rules.playbooks import parse_playbook
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.kernel.packs import read_pack
from heli.kernel.workdays import YEAR_KEYS, read_year
from heli.places import queries, services
from heli.places.testing import arrows, draw_register
from heli.places.types import EventKind, EventSpec, FactSpec, PlaceKind, PlaceSpec
from mergeplan.cli import app

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
RUN_BY_OTHERS = DOCS / "how-to" / "plan-with-the-command.md"
"""`src/mergeplan/tests/test_how_to.py` runs the commands of this page and looks at what they write."""


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def commands(page: Path, program: str) -> list[str]:
    """What follows the program's name in each command of the page's fenced blocks, unit files included."""
    blocks = re.findall(r"^```(?:console|ini|bash|sh)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    prompt = r"^(?:\$ |Exec\w+=)(?:[A-Z_]+=\S+ )*(?:\S*/)?"
    return [found.strip() for block in blocks for found in re.findall(prompt + program + r"(?= |$)(.*)", block, re.M)]


def every(program: str) -> list[tuple[str, str]]:
    return [(name_of(page), command) for page in PAGES for command in commands(page, program)]


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return module(ROOT / "tools" / "reference.py")


# Commands


@pytest.mark.parametrize(("page", "command"), every("heli"))
def test_every_heli_command_exists_with_its_options(page: str, command: str) -> None:
    # Everything after a # is said to the reader.
    name, *arguments = shlex.split(command, comments=True)
    owner = get_commands()[name]
    made = owner if not isinstance(owner, str) else load_command_class(owner, name)
    parser: ArgumentParser = made.create_parser("heli", name)
    parser.parse_args(arguments)


@pytest.mark.parametrize(("page", "command"), every(r"python3 run\.py"))
def test_every_job_exists(page: str, command: str) -> None:
    assert shlex.split(command, comments=True)[0] in module(ROOT / "run.py").JOBS


def test_jobs_named_in_the_text_exist() -> None:
    jobs = module(ROOT / "run.py").JOBS
    named = {job for page in PAGES for job in re.findall(r"`python3 run\.py (\w+)", page.read_text(encoding="utf-8"))}
    assert named
    assert named <= set(jobs)


@pytest.mark.parametrize("page", [p for p in PAGES if commands(p, "mergeplan") and p != RUN_BY_OTHERS], ids=name_of)
def test_the_commands_of_the_planner_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examples = Path("src/mergeplan/examples")
    shutil.copytree(ROOT / examples, tmp_path / examples)
    monkeypatch.chdir(tmp_path)
    for command in commands(page, "mergeplan"):
        result = CliRunner().invoke(app, shlex.split(command, comments=True))
        assert result.exit_code == 0, f"mergeplan {command}\n{result.output}"


def test_the_files_shown_in_how_to_write_a_playbook_are_read() -> None:
    page = (DOCS / "how-to" / "write-a-playbook.md").read_text(encoding="utf-8")
    playbook, year = re.findall(r"^```toml\n(.*?)^```", page, re.M | re.S)
    assert [step.key for step in parse_playbook(playbook, "shown.toml").steps] == ["ask", "finish"]
    assert date(2027, 1, 1) in read_year(read_pack(year, "2027.toml", YEAR_KEYS)).off


def test_commands_are_found_at_all() -> None:
    assert len(every("heli")) >= 8
    assert len(every("mergeplan")) >= 8
    assert len(every(r"python3 run\.py")) >= 3


# The reference


def test_the_reference_is_current(reference: ModuleType) -> None:
    assert reference.stale() == [], "run python3 run.py docs"


def test_every_page_of_the_reference_is_made(reference: ModuleType) -> None:
    made = {*reference.PAGES, "README.md", "security.md"}  # written by hand; tests/test_security_table.py looks at it
    assert {page.name for page in (DOCS / "reference").glob("*.md")} <= made


# Links, pictures, files


def links(page: Path) -> Iterator[str]:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            yield target.split("#")[0] or page.name


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_and_picture_is_there(page: Path) -> None:
    assert [target for target in links(page) if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_named_in_the_text_is_there(page: Path) -> None:
    named = re.findall(
        r"`((?:src|docs|tests|tools|benchmarks|requirements)/[\w./-]+)`", page.read_text(encoding="utf-8")
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("picture", sorted((DOCS / "pictures").glob("*.png")), ids=lambda p: p.name)
def test_pictures_are_used_and_small(picture: Path) -> None:
    data = picture.read_bytes()
    width, _ = struct.unpack(">II", data[16:24])
    assert width == 1280
    assert len(data) < 250_000
    assert any(target.endswith(f"pictures/{picture.name}") for page in PAGES for target in links(page))


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=name_of)
def test_every_page_is_reached_from_the_front_page(page: Path) -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        if (here := waiting.pop().resolve()) in reached:
            continue
        reached.add(here)
        for target in links(here) if here.suffix == ".md" else ():
            there = (here.parent / target).resolve()
            waiting += sorted(there.glob("*.md")) if there.is_dir() else [there] if there.suffix == ".md" else []
    assert page.resolve() in reached


# Lists


def test_the_index_of_decisions_is_complete() -> None:
    index = (DOCS / "adr" / "README.md").read_text(encoding="utf-8")
    listed = {(file, title) for file, title in re.findall(r"^\| \[\d{4}\]\((\S+)\) \| (.+) \|$", index, re.M)}
    there = set()
    for file in (DOCS / "adr").glob("[0-9]*.md"):
        heading = file.read_text(encoding="utf-8").splitlines()[0]
        assert heading.startswith(f"# {file.name[:4]} ")
        there.add((file.name, heading[7:]))
    assert listed == there
    assert max(Counter(file[:4] for file, _ in there).values()) == 1


def test_the_glossary_has_one_word_per_thing() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.M)[1:]
    identifiers = [word.strip(" `") for _, words, _ in rows for word in words.split(",")]
    words = [word for words, _, _ in rows for word in words.split("、")]
    assert [word for word, times in Counter(identifiers).items() if times > 1] == []
    assert [word for word, times in Counter(words).items() if times > 1] == []


# Words and numbers


def translations() -> set[tuple[str, str]]:
    """Pairs (Chinese, English) as they stand on screen."""
    found = set()
    for catalogue in (ROOT / "src" / "heli").glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        for entry in re.findall(
            r"msgid (.*?)\nmsgstr (.*?)\n(?:\n|\Z)", catalogue.read_text(encoding="utf-8") + "\n", re.S
        ):
            english, chinese = ("".join(re.findall(r'^"(.*)"$', part, re.M)) for part in entry)
            found.add((chinese, english))
    return found


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((DOCS / "tutorial").glob("*.md"))], ids=name_of)
def test_buttons_are_called_as_on_screen(page: Path) -> None:
    text = " ".join(page.read_text(encoding="utf-8").split())
    told = re.findall(r"([一-鿿、，（）%]*[一-鿿）]) \(([A-Za-z][^()]*)\)", text)
    assert len(told) > 5
    assert [pair for pair in told if pair not in translations() and pair[0] != "前锋区"] == []


@pytest.mark.django_db
def test_the_worked_numbers_of_restatement_are_those_of_the_program() -> None:
    page = (DOCS / "explanation" / "lineage-and-restatement.md").read_text(encoding="utf-8")
    counted = {name: _whole(people) for name, people in re.findall(r"^\| ([ABC]) \S+ \| ([\d,]+) people", page, re.M)}
    shared = re.search(r"split on (\S+): ([\d.]+) % to N, ([\d.]+) % to the community D", page)
    assert shared is not None
    happened, to_n, to_d = date.fromisoformat(shared[1]), *(round(100 * float(shared[i])) for i in (2, 3))
    told = re.search(r"= \*\*([\d,]+)\*\* and D has \*\*([\d,]+)\*\*; the sum is ([\d,]+) again", page)
    assert told is not None
    places = draw_register({"T": "A B C (D)"})
    census, after = date(2019, 12, 31), date(2020, 6, 30)
    facts = [
        FactSpec(place_id=places[name], measure="registered_population", on=census, value=value)
        for name, value in counted.items()
    ]
    services.record_facts(actor=SYSTEM, facts=facts)
    event = EventSpec(
        kind=EventKind.MERGE,
        on=happened,
        links=(
            *arrows((places["A"], "N", 10_000), (places["B"], "N", 10_000)),
            *arrows((places["C"], "N", to_n), (places["C"], places["D"], to_d)),
        ),
        founds={"N": PlaceSpec(name="N", kind=PlaceKind.VILLAGE, parent=places["T"])},
    )
    founded = services.record_event(actor=SYSTEM, event=event).founded["N"]
    restated = queries.restate("registered_population", census, after, district_ids=[places.district])
    assert restated.as_dict() == {founded: _whole(told[1]), places["D"]: _whole(told[2])}
    assert restated.total == _whole(told[3]) == sum(counted.values())
    # "Never backwards".
    with pytest.raises(Refused):
        queries.restate("registered_population", after, census, district_ids=[places.district])


def _whole(text: str) -> int:
    return int(text.replace(",", ""))

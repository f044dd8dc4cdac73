"""`heli rules show`, `heli rules decide FILE` and `heli rules count FILE`."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import get_language, gettext

from heli.assemblies.rules.counting import COUNT_FORM, count
from heli.assemblies.rules.deciding import DECIDE_FORM, decide
from heli.assemblies.rules.law import KINDS, law_findings, shelf
from heli.assemblies.texts import as_fault
from heli.assemblies.types import LawOfDay
from heli.kernel.faults import Refused, Unsound
from heli.kernel.forms import read_cases
from heli.records.reading import failed, read_file


class Command(BaseCommand):
    """Exit status 2 for a file that is no such form; what is wrong with a case is in its result."""

    requires_system_checks = ()
    help = "The law of a day as inequalities in whole numbers: show it, decide sittings, count elections."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        commands = parser.add_subparsers(dest="subcommand", required=True)
        show = commands.add_parser(
            "show", help="what is in force on a day, and which lines of the province were set aside"
        )
        show.add_argument("--on", type=date.fromisoformat, required=True, metavar="DAY", help="such as 2026-05-20")
        show.add_argument("--province", default="", metavar="CODE", help="two digits, such as 51; national law without")
        show.add_argument("kind", choices=KINDS, metavar="KIND", help=f"one of {', '.join(KINDS)}")
        for name, form in (("decide", DECIDE_FORM), ("count", COUNT_FORM)):
            told = {"decide": "decide the sittings of a file", "count": "count the contests of a file"}[name]
            one = commands.add_parser(name, help=f"{told} ({form})")
            one.add_argument("file", type=Path, metavar="FILE", help="a file in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one of the three."""
        language = get_language() or ""
        try:
            packs = shelf()
            if options["subcommand"] == "show":
                jurisdiction = f"CN-{options['province']}" if options["province"] else "CN"
                law = packs.law_of(options["kind"], jurisdiction, options["on"])
                self.stdout.write("\n".join(_lines(law, language)))
                return
            text = read_file(options["file"])
            if options["subcommand"] == "decide":
                form, cases = DECIDE_FORM, read_cases(text, DECIDE_FORM, "cases")
                results = [decide(case, packs).as_json(language, as_fault) for case in cases]
            else:
                form, cases = COUNT_FORM, read_cases(text, COUNT_FORM, "contests")
                results = [count(case, packs).as_json(language, as_fault) for case in cases]
        except (Refused, Unsound) as wrong:
            raise failed(wrong, options["file"].name if "file" in options else "", as_fault) from wrong
        self.stdout.write(json.dumps({"form": form, "results": results}, ensure_ascii=False, indent=1))


def _lines(law: LawOfDay, language: str) -> Iterator[str]:
    for pack in law.packs:
        head = pack.header
        yield f"{pack.title.text(language)} · {head.jurisdiction} · v{head.version} · {head.valid_from} · {pack.sha256[:12]}"
        yield f"  {head.source}"
    for rule in law.rules:
        yield f"{rule.article}  {rule.text()}  {rule.words.text(language)}"
    for reading in law.readings:
        yield f"{reading.article}  {reading.words.text(language)}"
    for old, new in law.set_aside:
        said = gettext("set aside: %(old)s (%(text)s), by %(new)s")
        yield said % {"old": old.article, "text": old.words.text(language), "new": new.article}
    for pack in law.packs:
        for words in pack.not_read:
            yield gettext("not read: %(text)s") % {"text": words.text(language)}
    for finding in law_findings(law):
        yield as_fault(finding).message

"""`heli document check FILE…` and `heli document list`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from heli.files.templating.document_files import TEMPLATE_KEYS, parse_template
from heli.files.templating.documents import PaperTemplate
from heli.kernel.faults import Fault, Refused
from heli.kernel.packs import load_pack
from heli.papers.queries.templates import catalogue, shipped_templates


class Command(BaseCommand):
    """Checks templates of documents before they are put into the locality's folder."""

    requires_system_checks = ()
    help = "Check templates of documents written in TOML, or list those of this installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        commands = parser.add_subparsers(dest="subcommand", required=True)
        check = commands.add_parser(
            "check", help="name every mistake with its file and line; exit status 1 when there is one"
        )
        check.add_argument("files", type=Path, nargs="+", metavar="FILE", help="files of templates")
        commands.add_parser("list", help="the templates of this installation: for whom, how many fields, hash")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one of the two."""
        faults: list[Fault] = []
        try:
            if options["subcommand"] == "list":
                for template in shipped_templates().values():
                    self.stdout.write(line(template))
                return
            fields = catalogue().fields
        except Refused as refused:
            raise self.failed(list(refused.faults)) from refused
        for path in options["files"]:
            try:
                self.stdout.write(line(parse_template(load_pack(path, TEMPLATE_KEYS), fields)))
            except OSError as wrong:
                raise CommandError(str(wrong)) from wrong
            except Refused as refused:
                faults += refused.faults
        if faults:
            raise self.failed(faults)

    def failed(self, faults: list[Fault]) -> CommandError:
        """Every problem on a line of stderr, and how many there are."""
        for each in faults:
            self.stderr.write(f"{each.source}: {each.message}")
        text = ngettext("%(count)s mistake.", "%(count)s mistakes.", len(faults))
        return CommandError(text % {"count": len(faults)})


def line(template: PaperTemplate) -> str:
    """A template in a line."""
    fields = len(template.fields())
    return f"{template.key} v{template.version} {template.title.zh} ({template.per}): {fields} fields, {template.sha256[:12]}"

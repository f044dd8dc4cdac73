"""`heli playbook check FILE…` and `heli playbook list`."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language, gettext, ngettext

from heli.campaigns.registry import acts, documents, facts
from heli.campaigns.rules.playbooks import check_photos, check_references, parse_playbook, shipped_playbooks
from heli.campaigns.rules.schedule import compute_length, critical_path
from heli.campaigns.types import Playbook, Repeat
from heli.kernel.faults import Fault, Refused
from heli.kernel.packs import read_text
from heli.places.measures import measures


class Command(BaseCommand):
    """Checks files of playbooks before a campaign is opened with them."""

    requires_system_checks = ()
    help = "Check playbooks written in TOML, or list those of this installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        commands = parser.add_subparsers(dest="subcommand", required=True)
        check = commands.add_parser(
            "check", help="name every mistake with its file and line; exit status 1 when there is one"
        )
        check.add_argument("files", type=Path, nargs="+", metavar="FILE", help="files of playbooks")
        commands.add_parser("list", help="the playbooks of this installation: stages, steps, working days, hash")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one of the two."""
        if options["subcommand"] == "list":
            self.say_all()
        else:
            self.check_files(options["files"])

    def say_all(self) -> None:
        """The shipped playbooks and the locality's."""
        try:
            playbooks = shipped_playbooks()
        except Refused as refused:
            raise self.failed(list(refused.faults)) from refused
        for playbook in playbooks.values():
            self.stdout.write(self.line(playbook))

    def check_files(self, paths: list[Path]) -> None:
        """Every file is read before the verdict."""
        faults: list[Fault] = []
        try:
            known = documents() or None  # where nobody makes documents there is nothing to compare with
        except Refused as refused:
            raise self.failed(list(refused.faults)) from refused
        for path in paths:
            try:
                playbook = parse_playbook(read_text(path), path.name)
            except OSError as wrong:
                raise CommandError(str(wrong)) from wrong
            except Refused as refused:
                faults += refused.faults
                continue
            if unknown := check_references(
                playbook, path.name, acts=acts(), facts=facts(), measures=measures(), documents=known
            ):
                faults += unknown
            else:
                self.say_faults(check_photos(playbook, path.name))
                self.stdout.write(self.line(playbook))
                path_titles = [playbook.by_key[key].title.text(get_language() or "") for key in critical_path(playbook)]
                self.stdout.write(f"  {' → '.join(path_titles)}")
                for said in self.about_calendar_days(playbook):
                    self.stdout.write(f"  {said}")
        if faults:
            raise self.failed(faults)

    def failed(self, faults: list[Fault]) -> CommandError:
        """Every problem on a line of stderr, and how many there are."""
        self.say_faults(faults)
        text = ngettext("%(count)s mistake.", "%(count)s mistakes.", len(faults))
        return CommandError(text % {"count": len(faults)})

    def say_faults(self, faults: list[Fault]) -> None:
        """Each on a line of stderr."""
        for each in faults:
            self.stderr.write(f"{each.source}: {each.field + ': ' if each.field else ''}{each.message}")

    @staticmethod
    def about_calendar_days(playbook: Playbook) -> Iterator[str]:
        """The step whose day is fixed, what must be finished how many days before it or after the first, what comes again."""
        language = get_language() or ""
        if playbook.anchor is not None:
            title = playbook.by_key[playbook.anchor].title.text(language)
            yield gettext("fixed day: %(title)s") % {"title": title}
        for step in playbook.steps:
            if step.before:
                facts = {"title": step.title.text(language), "days": step.before}
                yield gettext("%(days)s days before it at the latest: %(title)s") % facts
            if step.within and step.turn <= 1:
                facts = {"title": step.title.text(language), "days": step.within}
                yield gettext("%(days)s days after the first day at the latest: %(title)s") % facts
        for step in playbook.steps:
            if step.turn == 1 and step.repeat is Repeat.MONTH:
                yield gettext("each month: %(title)s") % {"title": step.title.text(language)}
            elif step.turn == 1:
                yield gettext("each quarter: %(title)s") % {"title": step.title.text(language)}

    @staticmethod
    def line(playbook: Playbook) -> str:
        """A playbook on one line."""
        said = gettext("stages: %(stages)s, steps: %(steps)s, working days: %(days)s") % {
            "stages": len(playbook.stages),
            "steps": len(playbook.steps),
            "days": compute_length(playbook),
        }
        return f"{playbook.key} v{playbook.version} {playbook.title.text(get_language() or '')} · {said} · {playbook.sha256[:12]}"

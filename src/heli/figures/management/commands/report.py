"""`heli report`: make the reports of a frozen week and write them as Word and PDF, one pair per recipient."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from heli.campaigns.queries import Campaign, campaigns_in_scope
from heli.figures.models import Report
from heli.figures.queries.reports import composed_again, paper_of
from heli.figures.reports.rules import rules_in_force
from heli.figures.services import reports
from heli.files.documents import render_docx, render_pdf
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.warnings.queries import FrozenWeek
from heli.warnings.queries.weeks import find_week, weeks_of


class Command(BaseCommand):
    """Exit code 1 for an unknown campaign or a week that is not frozen."""

    help = "Write the reports of a campaign's frozen week (the newest unless --week) as Word and PDF into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which campaign, which week, where to."""
        parser.add_argument("campaign", help="its address (the part after /campaigns/c/) or its whole name")
        parser.add_argument("--week", type=int, help="the number of the week (the newest frozen one)")
        parser.add_argument("--out", type=Path, default=Path(), help="the folder to write into (this one)")
        parser.add_argument("--yearbook", action="store_true", help="the yearbook page of a finished campaign instead")
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE, help="in which language")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="compose every stored report of the campaign anew and compare; write none",
        )
        parser.add_argument("--send", action="store_true", help="tell the recipients too")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make, draw, write; every file is named on a line."""
        campaign = _campaign(options["campaign"])
        if options["verify"]:
            self._verify(campaign)
            return
        try:
            if options["yearbook"]:
                made = reports.make_yearbook(actor=SYSTEM, campaign=campaign)
            else:
                week = _week(campaign, options["week"])
                made = reports.make_weekly(actor=SYSTEM, campaign=campaign, week=week, send=options["send"])
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        folder: Path = options["out"]
        folder.mkdir(parents=True, exist_ok=True)
        for report in made:
            if report.language == options["language"]:
                self._write(report, folder)

    def _verify(self, campaign: Campaign) -> None:
        """Whether each report comes out the same from its snapshot; one composed by another version of the rules may not."""
        rules = rules_in_force()
        differing = 0
        found = Report.objects.filter(campaign=campaign).select_related("campaign__playbook", "snapshot", "week")
        for report in found.order_by("pk").iterator():
            is_same = composed_again(report, rules) == report.sha256
            is_older = report.pack_sha256 != rules.sha256
            differing += not is_same and not is_older
            word = "same" if is_same else "older rules" if is_older else "DIFFERS"
            self.stdout.write(f"{report.snapshot.on} {report.recipient_key} {report.language} {word}")
        if differing:
            raise CommandError(f"{differing} reports come out differently")

    def _write(self, report: Report, folder: Path) -> None:
        document = paper_of(report, home=settings.SITE_URL)
        name = f"{report.snapshot.on.isoformat()}-{report.kind}-{report.recipient_key.replace(':', '-')}"
        for suffix, content in (("docx", render_docx(document)), ("pdf", render_pdf(document))):
            path = folder / f"{name}.{suffix}"
            path.write_bytes(content)
            self.stdout.write(f"{path} {document.recipient or document.title}")


def _campaign(asked: str) -> Campaign:
    known = campaigns_in_scope(SYSTEM)
    found = list(known.filter(public_id=asked) or known.filter(name=asked))
    if len(found) != 1:
        raise CommandError(f"there is no campaign {asked}" if not found else f"several campaigns are called {asked}")
    return found[0]


def _week(campaign: Campaign, number: int | None) -> FrozenWeek:
    found = find_week(campaign, number) if number is not None else next(iter(weeks_of(campaign)), None)
    if found is None:
        raise CommandError(
            "no week of this campaign is frozen yet" if number is None else f"week {number} is not frozen"
        )
    return found

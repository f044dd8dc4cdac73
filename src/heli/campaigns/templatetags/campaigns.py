"""Template tags of campaigns."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from heli.kernel.relations import day_text
from heli.kernel.workdays import calendar
from heli.ui.columns import DASH, written

register = template.Library()


@register.filter
def counted(value: int, is_day: bool) -> str:
    """A number of a step; one that is a day (20261129) as a day."""
    return day_text(value) if is_day else written(value, "integer")


@register.filter
def planned(value: date | None) -> SafeString | str:
    """A planned day; one of a year whose official calendar is not known yet is marked as provisional."""
    if value is None:
        return DASH
    day = written(value, "date")
    if not calendar().is_provisional(value):
        return day
    title = _("The official calendar of the year is not known yet: the day may change with it.")
    return format_html('{} <abbr class="provisional" title="{}">{}</abbr>', day, title, _("provisional"))

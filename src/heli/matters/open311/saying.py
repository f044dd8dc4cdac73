"""What GeoReport's doors find, in sentences that name the parameter and the remedy."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.kernel.faults import Finding

SENTENCES: Mapping[str, Promise] = {
    "key_missing": _("api_key is missing. Ask the administrator for a key."),
    "key_unknown": _("api_key is not valid, or has ended. Ask the administrator for another."),
    "key_reads": _("This key reads; it cannot report. Ask the administrator for a key that reports."),
    "key_often": _("This key was used %(most)s times this hour, as often as it may be. Go on with the next hour."),
    "too_often": _("Too much came from your network just now. Send it again in ten minutes."),
    "not_here": _("This key may not report here."),
    "form_type": _("Send it as application/x-www-form-urlencoded."),
    "jurisdiction_missing": _("jurisdiction_id was not provided: one of %(options)s."),
    "jurisdiction_unknown": _("jurisdiction_id “%(value)s” was not found."),
    "service_missing": _("service_code was not provided."),
    "service_unknown": _("service_code “%(value)s” was not found."),
    "request_unknown": _("service_request_id “%(value)s” was not found, or nobody has looked at it yet."),
    "token_unknown": _("token “%(value)s” was not found."),
    "moment_form": _("%(field)s must be a moment with its zone, such as 2026-03-05T08:00:00+08:00."),
    "span_long": _("start_date and end_date may not span more than 90 days."),
    "status_unknown": _("status “%(value)s” is neither open nor closed."),
    "count_form": _("%(field)s must be a whole number from 1 to %(most)s."),
    "too_many_ids": _("At most %(most)s service_request_id at once."),
    "point_half": _("%(field)s is missing: lat and long come together."),
    "point_form": _("%(field)s must be a number of degrees from -%(most)s to %(most)s."),
    "point_outside": _("lat and long lie in no village or community that is drawn here; give address_id."),
    "location_missing": _("Say where it is: lat and long, address_string or address_id."),
    "address_unknown": _("address_id “%(value)s” is no place of this district."),
    "address_unclear": _(
        "address_string names no village or community of this district, or several: give lat and long."
    ),
    "description_long": _("description may have 4,000 characters at most; this is %(count)s."),
    "client_key_long": _("client_key may have 80 characters at most."),
    "attribute_unknown": _("%(field)s is no attribute of this service."),
    "attribute_missing": _("%(field)s is required: %(words)s"),
    "attribute_once": _("%(field)s takes one value."),
    "attribute_option": _("%(field)s must be one of %(options)s."),
    "attribute_long": _("%(field)s may have %(most)s characters at most."),
    "attribute_number": _("%(field)s must be a number."),
    "attribute_moment": _("%(field)s must be a moment with its zone, such as 2026-03-05T08:00:00+08:00."),
    "attribute_lines": _("%(field)s may not have several lines."),
    "media_host": _("media_url: %(host)s is not among the hosts that this installation asks."),
    "media_form": _("media_url must be a web address without name and password."),
    "media_moved": _("media_url leads elsewhere; give the address of the picture itself."),
    "media_failed": _("media_url could not be fetched from %(host)s."),
    "hotline_failed": _("%(host)s could not be asked, or its answer is too large."),
    "hotline_answer": _("The hotline answered %(answered)s, or nothing that can be read."),
    "hotline_pending": _("What was sent to the hotline has no id there yet: nothing is taken from it before it has."),
    "media_large": _("media_url: the picture is too large."),
}


def sentence(finding: Finding) -> str:
    """A finding in the reader's language."""
    return str(SENTENCES[finding.code]) % finding.facts

"""What must hold of bodies beyond their constraints."""

from collections.abc import Iterator

from django.db.models import F, Q

from heli.bodies.models import BodyLink, Person
from heli.kernel.faults import Fault


def check_invariants() -> Iterator[Fault]:
    """Persons hold office, and links last, only while their body or person is there."""
    ends_late = Q(body__valid_to__isnull=False) & (Q(valid_to__isnull=True) | Q(valid_to__gt=F("body__valid_to")))
    for person in Person.objects.filter(ends_late | Q(valid_from__lt=F("body__valid_from"))).order_by("pk"):
        yield Fault("person_outlives_body", f"person {person.pk} is in office outside the body's life", source="bodies")
    person_late = Q(person__valid_to__isnull=False) & (Q(valid_to__isnull=True) | Q(valid_to__gt=F("person__valid_to")))
    early = Q(valid_from__lt=F("body__valid_from")) | Q(valid_from__lt=F("person__valid_from"))
    for link in BodyLink.objects.filter(ends_late | person_late | early).order_by("pk"):
        yield Fault("link_outlives_holder", f"link {link.pk} lasts outside its holder's time", source="bodies")

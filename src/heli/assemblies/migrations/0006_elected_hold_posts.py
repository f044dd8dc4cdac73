"""Whoever was elected and is in office holds a post from now on; where no paper sets posts, the election did."""

from datetime import date
from typing import Any

from django.db import migrations

from heli.kernel.ids import new_public_id

COMMITTEE = {"chair": "head", "vice": "deputy", "woman_member": "member", "member": "member"}
SUPERVISION = {"chair": "supervision"}
KINDS = {
    "village_committee": COMMITTEE,
    "residents_committee": COMMITTEE,
    "supervision_village": SUPERVISION,
    "supervision_residents": SUPERVISION,
}
EXCLUSIVE = ("head", "supervision")


def seat(apps: Any, _editor: Any) -> None:
    """A holding for each person elected whose office goes on, the newest first; nobody gets a post that a paper does not give."""
    posts, holdings = apps.get_model("posts", "Post").objects, apps.get_model("posts", "Holding").objects
    papers = apps.get_model("posts", "Establishment").objects
    elected = apps.get_model("assemblies", "Nominee").objects.filter(
        contest__election__body__in=KINDS, person__isnull=False, person__valid_to=None, left_on=None
    )
    for one in elected.select_related("person", "contest__election").order_by("-person__valid_from", "pk"):
        person, kind = one.person, KINDS[one.contest.election.body].get(one.post, "")
        if not kind or holdings.filter(person=person).exists():
            continue
        there = posts.filter(body=person.body_id, kind=kind).order_by("number")
        used = set(
            holdings.filter(post__in=there).exclude(valid_to__lte=person.valid_from).values_list("post", flat=True)
        )
        post = next((post for post in there if post.pk not in used), None)
        if post is None:
            if papers.filter(body=person.body_id).exists() or (kind in EXCLUSIVE and there.exists()):
                continue
            post = posts.create(
                public_id=new_public_id(), body_id=person.body_id, kind=kind, number=len(there) + 1,
                is_exclusive=kind in EXCLUSIVE,
            )  # fmt: skip
            holdings.create(public_id=new_public_id(), post=post, valid_from=date.min, valid_to=person.valid_from)
        holdings.create(
            public_id=new_public_id(), post=post, person=person, valid_from=person.valid_from, how="elected"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("assemblies", "0005_by_congress"),
        ("posts", "0001_offices"),
    ]

    operations = [migrations.RunPython(seat, migrations.RunPython.noop)]

"""Uploads that break off and go on: whose they are, where they stand, and what becomes of them."""

import os
import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.audit.guard import allowed
from heli.audit.services import writing
from heli.files import services
from heli.files.checks import check_invariants
from heli.files.models import StoredFile, Upload
from heli.files.queries import partial_path, path_of, read_content, received_bytes, thumbnail_path
from heli.files.testing import begin, draw_photo
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Forbidden, Refused
from heli.ui.uploads import Uploaded, UploadPurpose, open_purpose, seal_purpose

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def cadre(world: World) -> Actor:
    return world.a.actor("village_cadre")


def take(actor: Actor, upload: Upload, **given: Any) -> StoredFile:
    with writing(actor, "files.test", action="ui.read"):
        return services.take_upload(
            actor=actor, public_id=upload.public_id, **{"purpose": "ui.read", "action": "ui.read", **given}
        )


def send(client: Client, upload: Upload, offset: int, content: bytes) -> Any:
    return client.patch(
        reverse("files:upload", args=[upload.public_id]),
        content,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


def test_a_photo_sent_in_pieces_becomes_a_stored_file_with_a_small_copy(world: World, cadre: Actor) -> None:
    client, photo = world.client("village_cadre"), draw_photo(1600, 1200, kind="HEIF", taken=datetime(2026, 3, 1, 7))
    answer = client.post(
        reverse("files:uploads"),
        {
            "purpose": seal_purpose(UploadPurpose("places.read", world.a.village.pk)),
            "name": "会场.heic",
            "size": len(photo),
        },
    )
    assert answer.status_code == 201
    upload = Upload.objects.get(public_id=answer.json()["id"])
    assert answer["Location"] == reverse("files:upload", args=[upload.public_id])
    half = len(photo) // 2
    assert send(client, upload, 0, photo[:half])["Upload-Offset"] == str(half)
    assert send(client, upload, 0, photo[:half]).status_code == 409, "a piece sent twice is not written twice"
    assert client.head(reverse("files:upload", args=[upload.public_id]))["Upload-Offset"] == str(half)
    assert send(client, upload, half, photo[half:]).status_code == 204
    stored = take(cadre, upload, purpose="places.read", place_id=world.a.village.pk, photo=True)
    assert (stored.name, stored.content_type) == ("会场.jpg", "image/jpeg")
    assert stored.taken_on is not None
    assert stored.taken_on.isoformat() == "2026-03-01"
    assert read_content(stored).startswith(b"\xff\xd8\xff")
    assert thumbnail_path(stored).is_file()
    assert list(check_invariants()) == []
    path_of(stored).unlink()
    assert [fault.code for fault in check_invariants()] == ["file_content"]


def test_an_upload_is_its_authors_alone_and_taken_once(world: World, cadre: Actor) -> None:
    upload, other = begin(cadre, draw_photo()), world.a.actor("town_officer")
    for stranger, given_for in ((other, "ui.read"), (cadre, "places.read")):
        with pytest.raises(Refused) as refused:
            take(stranger, upload, purpose=given_for)
        assert refused.value.faults[0].code == "upload_gone"
    assert send(world.client("town_officer"), upload, 0, b"x").status_code == 404
    take(cadre, upload)
    with pytest.raises(Refused) as refused:
        take(cadre, upload)
    assert refused.value.faults[0].code == "upload_gone"
    assert send(world.client("village_cadre"), upload, 0, b"x").status_code == 410


def test_an_upload_for_one_place_is_not_taken_for_another(world: World, cadre: Actor) -> None:
    there, here = world.a.village.pk, world.a.other_village.pk
    upload = begin(cadre, draw_photo(), purpose="places.read", place_id=there)
    with pytest.raises(Refused):
        take(cadre, upload, purpose="places.read", place_id=here)
    anywhere = begin(cadre, draw_photo(), purpose="places.read")
    assert take(cadre, anywhere, purpose="places.read", place_id=there).place_id == there


def test_an_unfinished_or_damaged_upload_is_not_taken(cadre: Actor) -> None:
    upload = services.begin_upload(actor=cadre, name="x.pdf", size=9, purpose="ui.read", place_id=None, sha256="0" * 64)
    services.append_upload(upload=upload, offset=0, content=b"%PDF-")
    with pytest.raises(Refused) as refused:
        take(cadre, upload)
    assert refused.value.faults[0].code == "upload_unfinished"
    services.append_upload(upload=upload, offset=5, content=b"1.7\n")
    with pytest.raises(Refused) as refused:
        take(cadre, upload)
    assert refused.value.faults[0].code == "upload_damaged"


def test_an_upload_that_arrived_as_it_was_announced_is_taken(cadre: Actor) -> None:
    content = draw_photo()
    upload = services.begin_upload(
        actor=cadre,
        name="x.jpg",
        size=len(content),
        purpose="ui.read",
        place_id=None,
        sha256=sha256(content).hexdigest(),
    )
    services.append_upload(upload=upload, offset=0, content=content)
    assert take(cadre, upload).name == "x.jpg"


def test_nobody_uploads_for_what_they_may_not_do(world: World, cadre: Actor) -> None:
    for purpose, place in (("places.import", world.a.village.pk), ("places.read", world.b.village.pk)):
        with pytest.raises(Forbidden):
            services.begin_upload(actor=cadre, name="x.jpg", size=9, purpose=purpose, place_id=place)
        answer = world.client("village_cadre").post(
            reverse("files:uploads"),
            {"purpose": seal_purpose(UploadPurpose(purpose, place)), "name": "x.jpg", "size": 9},
        )
        assert answer.status_code == 403
    assert open_purpose(seal_purpose(UploadPurpose("places.read", 7))) == UploadPurpose("places.read", 7)
    assert open_purpose("W1sicGxhY2VzIl0sN10:forged") is None


def test_a_file_of_the_wrong_kind_is_refused_before_any_of_it_has_come(world: World) -> None:
    def status(name: str, photo: bool) -> int:
        purpose = seal_purpose(UploadPurpose("places.read", world.a.village.pk, photo))
        sent = {"purpose": purpose, "name": name, "size": 9}
        return world.client("village_cadre").post(reverse("files:uploads"), sent).status_code

    assert [status(name, True) for name in ("会场.pdf", "会场.docx", "a.txt")] == [422, 422, 422]
    # Chat programs send pictures without a suffix, or with one of their own.
    assert [status(name, True) for name in ("会场.HEIC", "mmexport123", "a.tmp")] == [201, 201, 201]
    assert [status(name, False) for name in ("a.exe", "会场.mov", "a")] == [422, 422, 422]
    assert [status(name, False) for name in ("会场.jpg", "a.ofd")] == [201, 201]


def test_too_large_and_too_many_uploads_are_refused(cadre: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def codes(size: int, name: str = "x.jpg") -> list[str]:
        with pytest.raises(Refused) as refused:
            services.begin_upload(actor=cadre, name=name, size=size, purpose="ui.read", place_id=None, at=NOW)
        return [fault.code for fault in refused.value.faults]

    assert codes(0) == ["file_empty"]
    assert codes(40_000_001) == codes(100_000_001, "x.csv") == ["file_too_large"]
    monkeypatch.setattr(services.uploads, "MOST_OPEN", 1)
    services.begin_upload(actor=cadre, name="x.jpg", size=9, purpose="ui.read", place_id=None, at=NOW)
    assert codes(9) == ["uploads_open"]


def test_malformed_requests_change_nothing(world: World, cadre: Actor) -> None:
    client = world.client("village_cadre")
    upload = services.begin_upload(actor=cadre, name="x.jpg", size=9, purpose="ui.read", place_id=None)
    assert client.post(reverse("files:uploads"), {"purpose": "x", "size": "9"}).status_code == 422
    assert send(client, upload, 0, b"0123456789").status_code == 409, "more than was announced"
    assert client.patch(reverse("files:upload", args=[upload.public_id])).status_code == 400
    assert received_bytes(upload) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.binary(min_size=1, max_size=400), st.lists(st.tuples(st.integers(0, 400), st.integers(1, 200)), max_size=30))
def test_pieces_in_any_order_and_number_give_the_content_or_less_of_it(
    cadre: Actor, content: bytes, pieces: list[tuple[int, int]]
) -> None:
    upload = services.begin_upload(actor=cadre, name="x.pdf", size=len(content), purpose="ui.read", place_id=None)
    for offset, length in pieces:
        piece, before = content[offset : offset + length], received_bytes(upload)
        after = services.append_upload(upload=upload, offset=offset, content=piece)
        assert after == (before + len(piece) if offset == before else None)
    arrived = partial_path(upload).read_bytes() if received_bytes(upload) else b""
    assert content.startswith(arrived)
    with writing(SYSTEM, "files.test"):
        Upload.objects.update(dropped_at=NOW)


def test_many_hands_at_once_never_mix_their_bytes(cadre: Actor) -> None:
    content = bytes(range(256)) * 64
    upload = services.begin_upload(actor=cadre, name="x.pdf", size=len(content), purpose="ui.read", place_id=None)

    def push() -> None:
        while (stands := received_bytes(upload)) < len(content):
            services.append_upload(upload=upload, offset=stands, content=content[stands : stands + 300])

    hands = [threading.Thread(target=push) for _hand in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert partial_path(upload).read_bytes() == content


def test_what_nobody_finishes_goes_after_three_days(cadre: Actor) -> None:
    old, fresh = (
        services.begin_upload(actor=cadre, name="x.jpg", size=9, purpose="ui.read", place_id=None, at=at)
        for at in (NOW, NOW + timedelta(days=2))
    )
    for upload in (old, fresh):
        services.append_upload(upload=upload, offset=0, content=b"abc")
    (partial_path(old).parent / "orphan").write_bytes(b"x")
    assert services.drop_expired_uploads(actor=SYSTEM, at=NOW + services.uploads.KEPT) == 1
    assert services.drop_expired_uploads(actor=SYSTEM, at=NOW + services.uploads.KEPT) == 0
    assert sorted(partial_path(old).parent.iterdir()) == [partial_path(fresh)]


def test_what_a_killed_process_left_half_written_is_swept_an_hour_later(cadre: Actor, settings: Any) -> None:
    folder = Path(settings.MEDIA_ROOT)
    old, fresh, kept = folder / ".new-abc", folder / "papers" / ".new-xyz", folder / "ab" / "content"
    for path in (old, fresh, kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    for path, ago in ((old, 3_601), (fresh, 3_599), (kept, 9_999)):
        os.utime(path, (NOW.timestamp() - ago, NOW.timestamp() - ago))
    assert services.sweep_unfinished(at=NOW) == 1
    assert [path.exists() for path in (old, fresh, kept)] == [False, True, True]


def test_a_form_gives_either_kind_of_file(cadre: Actor) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    uploaded = Uploaded(begin(cadre, draw_photo()).public_id, "x.jpg")
    for one in (uploaded, SimpleUploadedFile("x.jpg", draw_photo())):
        with writing(cadre, "files.test", action="ui.read"):
            kept = services.take_given(actor=cadre, given=one, purpose="ui.read", action="ui.read", photo=True)
        assert kept.name == "x.jpg"


def test_a_photo_is_shown_in_place_and_can_do_nothing_there(world: World) -> None:
    place = world.a.village.pk
    with writing(SYSTEM, "files.test"):
        shown = services.store_photo(
            actor=SYSTEM, chunks=draw_photo(), name="a.png", action="places.read", place_id=place
        )
        paper = services.store_document(
            actor=SYSTEM, chunks=b"%PDF-1.7\n", name="a.pdf", action="places.read", place_id=place
        )
        table = services.store_document(actor=SYSTEM, chunks=b"a,b", name="a.csv", action="places.read", place_id=place)
    client = world.client("village_cadre")
    expected = (("inline", True), ("inline", False), ("attachment", True))
    for stored, (disposition, sandboxed) in zip((shown, paper, table), expected, strict=True):
        answer = client.get(reverse("files:view", args=[stored.public_id]))
        assert answer["Content-Disposition"].startswith(disposition)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert ("sandbox" in answer["Content-Security-Policy"]) == sandboxed
    small = client.get(reverse("files:thumbnail", args=[shown.public_id]))
    again = client.get(reverse("files:thumbnail", args=[shown.public_id]), headers={"If-None-Match": small["ETag"]})
    assert (small.status_code, again.status_code, again.content) == (200, 304, b"")
    assert client.get(reverse("files:thumbnail", args=[paper.public_id])).status_code == 404


def test_a_scan_given_as_a_document_loses_its_camera_notes(cadre: Actor) -> None:
    with writing(cadre, "files.test", action="ui.read"):
        stored = services.store_document(actor=cadre, chunks=draw_photo(), name="扫描.jpg", action="ui.read")
    assert b"Secretphone" not in read_content(stored)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("upload_size_positive", {"size": 0}),
        ("upload_taken_into_a_file", {"taken_at": NOW}),
        ("upload_taken_or_dropped", {"taken_at": NOW, "dropped_at": NOW, "file": True}),
        ("upload_file_once|file_id", {"taken_at": NOW, "file": "again"}),
        ("upload_of_person_or_token", {"actor_id": None}),
        ("upload_of_person_or_token", {"token": "x"}),
    ],
)
def test_the_database_holds_what_an_upload_is(cadre: Actor, name: str, change: dict[str, Any]) -> None:
    other, upload = begin(cadre, draw_photo()), begin(cadre, draw_photo())
    stored = take(cadre, other)
    if change.get("file"):
        with writing(SYSTEM, "files.test"):
            copy = services.store_file(actor=SYSTEM, chunks=[b"x"], name="x", action="ui.read")
        change = {**change, "file": stored if change["file"] == "again" else copy}
    with pytest.raises(IntegrityError, match=name), allowed(), transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(**change)


@pytest.mark.django_db
def test_a_stored_file_has_a_size() -> None:
    with writing(SYSTEM, "files.test"):
        kept = services.store_file(actor=SYSTEM, chunks=[b"x"], name="x", action="ui.read")
    with pytest.raises(IntegrityError, match="stored_file_size_not_negative"), allowed(), transaction.atomic():
        StoredFile.objects.filter(pk=kept.pk).update(size=-1)

"""Personal data are declared, column by column."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from heli.accounts.personal import declared_columns
from heli.kernel.faults import Refused

ABOUT_PERSONS = ("accounts.User", "bodies.Person", "audit.Entry", "mfa.Authenticator", "assemblies.Nominee")
NOT_PERSONAL = {
    "accounts.User.public_id",
    "bodies.Person.public_id",
    "assemblies.Nominee.post",
    "assemblies.Nominee.left_how",
    "audit.Entry.what",
    "audit.Entry.before",  # holds keys, figures and keyed digests only
    "audit.Entry.after",
    "audit.Entry.state",  # a keyed digest of the rows an act touched
    "audit.Entry.previous_hash",
    "audit.Entry.hash",
}
SUSPECT = ("name", "phone", "mobile", "email", "mail", "id_card", "identity", "address", "birth", "sex")


def test_every_text_column_about_persons_is_declared_or_said_not_to_be_personal() -> None:
    text = (models.CharField, models.TextField, models.JSONField, models.EmailField, models.DateField)
    columns = {
        f"{label}.{field.name}"
        for label in ABOUT_PERSONS
        for field in apps.get_model(label)._meta.local_concrete_fields
        if isinstance(field, text) and not isinstance(field, models.DateField)
    }
    assert columns - set(declared_columns()) == NOT_PERSONAL


def test_no_declaration_is_left_over() -> None:
    for column in declared_columns():
        label, name = column.rsplit(".", 1)
        assert apps.get_model(label)._meta.get_field(name)


def test_no_table_keeps_contacts_or_identities() -> None:
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("heli.")
        for field in model._meta.local_concrete_fields
        if field.name in SUSPECT[1:]
    }
    assert not kept, "declare it, encrypt it, and give it a deletion date (DESIGN §10)"


def test_an_incomplete_declaration_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "personal.toml"
    header = 'id = "p"\nversion = 1\nvalid_from = 2026-01-01\njurisdiction = "CN"\nsource = "x"\n'
    path.write_text(header + '[columns."a.B.c"]\npurpose = "x"\n', encoding="utf-8")
    with pytest.raises(Refused) as caught:
        declared_columns(path)
    assert {(one.source, one.field) for one in caught.value.faults} == {
        ("personal.toml:6", field) for field in ("ground", "seen_by", "kept")
    }
    path.write_text(header.replace("version = 1\n", "") + "[columns]\n", encoding="utf-8")
    with pytest.raises(Refused, match="version"):
        declared_columns(path)

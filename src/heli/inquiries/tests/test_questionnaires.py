"""E-questionnaires: prefilled, only changes typed, answers become facts, doubts are asked back, the town checks."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.audit.services import writing
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matters import DAY, bare_campaign
from heli.inquiries import services as service
from heli.inquiries.catalogues import forms, parse_form
from heli.inquiries.models import InquiryStatus, Reply
from heli.inquiries.queries import fields_of, known_facts
from heli.inquiries.rules import find_doubts, split_answers
from heli.inquiries.types import Questionnaire
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Forbidden, Refused, Severity
from heli.places import queries as places
from heli.places import services as register
from heli.places.measures import counted
from heli.places.types import FactSpec

FORM = """
id = "small"
version = 1
valid_from = 2026-01-01
jurisdiction = "CN"
source = "test"
title = { zh = "小表", en = "Small" }
[[fields]]
measure = "registered_population"
zh = "户籍人口"
en = "Registered population"
least = 50
most = 60000
change = 20
[[fields]]
measure = "households"
zh = "户数"
en = "Households"
"""


def form() -> Questionnaire:
    return parse_form(FORM, "small.toml")


RELATION = (
    FORM
    + """
[[relations]]
lte = ["households", "registered_population"]
"""
)


def test_values_that_cannot_be_are_refused_even_when_confirmed(world: World) -> None:
    facts = [FactSpec(place_id=world.a.village.pk, measure="registered_population", on=date(2025, 6, 30), value=1000)]
    register.record_facts(actor=SYSTEM, facts=facts)
    inquiry = service.send_inquiry(
        actor=world.a.actor("district_officer"), about=about_of(bare_campaign(world.a)),
        form=parse_form(RELATION, "small.toml"), title="基本情况", asked_on=DAY, due_on=date(2026, 3, 9),
        place_ids=[world.a.village.pk], on=DAY,
    )  # fmt: skip
    reply, cadre = inquiry.replies.get(place=world.a.village), world.a.actor("village_cadre")
    answers = {"registered_population": 1000, "households": 1001}
    with pytest.raises(Refused) as refused:
        service.answer_inquiry(actor=cadre, reply=reply, answers=answers, confirmed=True, on=DAY)
    assert [(fault.code, fault.field) for fault in refused.value.faults] == [("numbers_impossible", "households")]
    service.answer_inquiry(actor=cadre, reply=reply, answers=answers | {"households": 1000}, confirmed=True, on=DAY)


def test_a_relation_about_a_value_that_is_not_asked_is_named_with_its_line() -> None:
    with pytest.raises(Refused) as refused:
        parse_form(RELATION.replace('lte = ["households"', 'lte = ["members"'), "small.toml")
    line = RELATION.splitlines().index('lte = ["households", "registered_population"]') + 1
    assert refused.value.faults[0].source == f"small.toml:{line}"


def sent(world: World) -> Reply:
    facts = [FactSpec(place_id=world.a.village.pk, measure="registered_population", on=date(2025, 6, 30), value=1000)]
    register.record_facts(actor=SYSTEM, facts=facts)
    inquiry = service.send_inquiry(
        actor=world.a.actor("district_officer"), about=about_of(bare_campaign(world.a)), form=form(), title="基本情况",
        asked_on=DAY, due_on=date(2026, 3, 9), place_ids=[world.a.village.pk, world.a.other_village.pk], on=DAY,
    )  # fmt: skip
    return inquiry.replies.get(place=world.a.village)


def test_only_what_changed_counts_as_typed_and_every_answer_is_a_fact_of_the_day(world: World) -> None:
    reply = sent(world)
    fields = fields_of(reply.inquiry)
    assert known_facts(reply.place_id, fields, DAY) == {"registered_population": 1000}
    answered = service.answer_inquiry(
        actor=world.a.actor("village_cadre"),
        reply=reply,
        answers={"registered_population": 1000, "households": 300},
        on=DAY,
    )
    assert (answered.status, answered.typed, answered.confirmed) == (InquiryStatus.ANSWERED, 1, 1)
    assert places.facts_on([reply.place_id], "registered_population", DAY)[reply.place_id].on == DAY
    assert places.facts_on([reply.place_id], "households", DAY)[reply.place_id].value == 300


def test_a_doubtful_value_is_asked_back_and_taken_when_confirmed(world: World) -> None:
    reply, cadre = sent(world), world.a.actor("village_cadre")
    answers = {"registered_population": 20, "households": 300}
    with pytest.raises(Refused) as refused:
        service.answer_inquiry(actor=cadre, reply=reply, answers=answers, on=DAY)
    assert [(p.code, p.field, p.severity) for p in refused.value.faults] == [
        ("out_of_range", "registered_population", Severity.WARNING),
        ("big_change", "registered_population", Severity.WARNING),
    ]
    assert not places.facts_on([reply.place_id], "households", DAY)
    service.answer_inquiry(actor=cadre, reply=reply, answers=answers, confirmed=True, on=DAY)
    assert places.facts_on([reply.place_id], "registered_population", DAY)[reply.place_id].value == 20


def test_a_missing_or_negative_answer_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        service.answer_inquiry(
            actor=world.a.actor("village_cadre"), reply=sent(world), answers={"households": -1}, on=DAY
        )
    assert {p.code for p in refused.value.faults} == {"answer_missing", "answer_negative"}


def test_a_cadre_answers_for_the_own_village_only(world: World) -> None:
    reply = sent(world).inquiry.replies.get(place=world.a.other_village)
    with pytest.raises(Forbidden):
        service.answer_inquiry(
            actor=world.a.actor("village_cadre"), reply=reply, answers={"registered_population": 1, "households": 1}
        )


def test_the_town_checks_or_sends_back_and_nobody_checks_the_own_answer(world: World) -> None:
    officer, district = world.a.actor("town_officer"), world.a.actor("district_officer")
    answers = {"registered_population": 1000, "households": 300}
    reply = service.answer_inquiry(actor=officer, reply=sent(world), answers=answers, on=DAY)
    with pytest.raises(Refused) as refused:
        service.check_reply(actor=officer, reply=reply, on=DAY)
    assert refused.value.faults[0].code == "same_person"
    with pytest.raises(Refused):
        service.return_reply(actor=district, reply=reply, reason=" ")
    back = service.return_reply(actor=district, reply=reply, reason="户数与公安口径不符")
    assert back.status == InquiryStatus.RETURNED
    again = service.answer_inquiry(actor=officer, reply=back, answers=answers, on=DAY)
    done = service.check_reply(actor=district, reply=again, on=DAY)
    done.refresh_from_db()
    assert (done.status, done.checked_on, done.reason) == (InquiryStatus.CHECKED, DAY, "")
    with pytest.raises(Refused) as late:
        service.answer_inquiry(actor=officer, reply=done, answers=answers, on=DAY)
    assert late.value.faults[0].code == "reply_checked"


def test_a_form_that_is_due_yesterday_to_nobody_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        service.send_inquiry(
            actor=world.a.actor("district_officer"), about=about_of(bare_campaign(world.a)), form=form(), title="",
            asked_on=date(2026, 3, 3), due_on=date(2026, 3, 1), place_ids=[], on=DAY,
        )  # fmt: skip
    assert [p.code for p in refused.value.faults] == ["title_empty", "day_in_future", "due_past", "place_missing"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"status": "lost", "answered_on": DAY}, "reply_status_known"),
        ({"status": "answered"}, "reply_answered_on_a_day"),
        ({"status": "checked", "answered_on": DAY}, "reply_checked_on_a_day"),
        ({"status": "returned", "answered_on": DAY}, "reply_returned_with_reason"),
    ],
)
def test_the_database_refuses_half_a_reply(world: World, change: dict[str, Any], name: str) -> None:
    reply = sent(world)
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "campaigns.questionnaires"):
        Reply.objects.filter(pk=reply.pk).update(**change)
    user = world.a.users["town_officer"].pk
    second = "reply_checked_by_a_second_person"
    with pytest.raises(IntegrityError, match=second), transaction.atomic(), writing(SYSTEM, "campaigns.questionnaires"):
        Reply.objects.filter(pk=reply.pk).update(answered_by_id=user, checked_by_id=user)


def test_the_forms_of_the_house_ask_only_what_the_register_counts() -> None:
    known = {measure.id for measure in counted()}
    for one in forms().values():
        assert {field.measure for field in one.fields} <= known


def test_a_form_with_an_unknown_key_names_file_and_key() -> None:
    with pytest.raises(Refused) as refused:
        parse_form(FORM.replace("least = 50", "colour = 50"), "small.toml")
    assert [(p.code, p.field, p.source) for p in refused.value.faults] == [("unknown_key", "colour", "small.toml:12")]


values = st.dictionaries(st.sampled_from(["registered_population", "households"]), st.integers(0, 100_000))


@given(values, values)
def test_what_is_not_typed_is_confirmed(answers: dict[str, int], known: dict[str, int]) -> None:
    typed, same = split_answers(answers, known)
    assert {**typed, **same} == answers
    assert all(known[key] == value for key, value in same.items())
    assert not [d for d in find_doubts(form().fields, same, known) if d.code == "big_change"]

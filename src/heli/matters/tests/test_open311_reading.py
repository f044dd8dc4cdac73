"""What GeoReport's programs send is read or refused, whatever it is; what is answered is well formed."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from heli.matters.open311.asked import AttributeForm, NotServed, place_named, read_attributes, read_wanted
from heli.matters.open311.wire import as_xml

NOW = datetime(2026, 3, 2, tzinfo=UTC)
texts = st.text(max_size=40)
FORMS = [
    AttributeForm("a", "A", kind, False, True, (("x", "X"), ("y", "Y")))
    for kind in ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")
]


@given(st.dictionaries(st.sampled_from(["status", "page", "start_date", "end_date", "service_code"]), st.lists(texts)))
def test_any_filter_is_read_or_refused_and_never_spans_more(asked: dict[str, list[str]]) -> None:
    try:
        wanted = read_wanted(asked, NOW, UTC)
    except NotServed:
        return
    assert wanted.ends - wanted.begins <= timedelta(days=91)
    assert 1 <= wanted.most <= 1_000


@given(st.sampled_from(FORMS), st.lists(texts, max_size=3))
def test_any_answer_is_read_or_refused_and_an_option_is_one_of_its_list(form: AttributeForm, values: list[str]) -> None:
    try:
        said = read_attributes({"attribute[a]": values}, [form])
    except NotServed:
        return
    if form.datatype == "singlevaluelist":
        assert {answer for _asked, answer in said} <= {"X", "Y"}
    assert len(said) <= int(any(value.strip() for value in values))


@given(st.text())
def test_any_text_is_well_formed_xml(text: str) -> None:
    root = ET.fromstring(as_xml("service_requests", [{"description": text}]).encode())
    assert len(root) == 1


def test_an_address_means_the_longest_name_in_it() -> None:
    assert place_named("新石桥村三组", [(1, "石桥村"), (2, "新石桥村")]) == [2]
    assert place_named("石桥村", [(1, "石桥村"), (2, "石桥村")]) == [1, 2]
    assert place_named("月球", [(1, "石桥村")]) == []

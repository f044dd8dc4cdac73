"""A place is chosen by town, told from its namesake, and found by the first letters of its reading or its code."""

from datetime import date

from django.forms import ChoiceField, Form
from django.test import SimpleTestCase

from heli.places.queries import initials_of
from heli.places.types import Level, PlaceKind, PlaceRow
from heli.records.forms import of_places
from heli.ui.forms import FindingSelect


def row(key: int, name: str, code: str, level: Level = Level.VILLAGE, town: str = "") -> PlaceRow:
    """A place as a list has it."""
    return PlaceRow(
        id=key, public_id=f"p{key}", level=level, code=code, name=name, kind=PlaceKind.VILLAGE, parent_id=1, legal_parent_id=None,
        parent_name=town, district_id=1, urban_rural_class="", valid_from=date(2019, 1, 1), valid_to=None,
    )  # fmt: skip


ROWS = [
    row(2, "观塘镇", "511603105000", Level.TOWNSHIP), row(3, "莲花村", "511603105224", town="观塘镇"),
    row(4, "龙塘街道", "511603200000", Level.TOWNSHIP), row(5, "莲花村", "511603200221", town="龙塘街道"),
    row(6, "建新村", "511603200222", town="龙塘街道"),
]  # fmt: skip


class TestPickers(SimpleTestCase):
    def test_places_stand_under_their_town_and_namesakes_are_told_apart(self) -> None:
        groups = dict(of_places(ROWS, "choose")[1:])
        assert groups["观塘镇"] == [("2", "观塘镇"), ("3", "莲花村（观塘镇）")]
        assert [label for _key, label in groups["龙塘街道"]] == ["龙塘街道", "莲花村（龙塘街道）", "建新村"]

    def test_each_choice_says_by_what_it_is_found(self) -> None:
        class Asked(Form):
            place = ChoiceField(choices=of_places(ROWS, "choose"), widget=FindingSelect)

        drawn = str(Asked()["place"])
        assert '<optgroup label="龙塘街道">' in drawn
        assert '<option value="6" data-find="jxc 511603200222">建新村</option>' in drawn
        assert Asked({"place": "6"}).is_valid()
        assert not Asked({"place": "60"}).is_valid()

    def test_a_character_with_two_readings_is_found_by_both(self) -> None:
        assert {"zsc", "csc"} <= set(initials_of("重石村"))
        assert initials_of("双河A村") == ["shac"]
        assert len(initials_of("重重重重村")) == 4

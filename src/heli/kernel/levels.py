"""At which levels of the administration something is done."""

from enum import StrEnum


class Per(StrEnum):
    """Once for whom a step or a paper is made. `SUCCESSOR`: for every village that the applied plan leaves or founds."""

    DISTRICT = "district"
    TOWN = "town"
    VILLAGE = "village"
    SUCCESSOR = "successor"

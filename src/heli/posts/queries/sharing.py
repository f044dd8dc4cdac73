"""The villages of a sharing of posts, with their names of the day."""

from datetime import date
from typing import Any

from heli.places import queries as places


def known_villages(row: Any, on: date) -> dict[str, dict[str, Any]]:
    """Each village of a sharing as its file has it, with its name and its town's, by town and name."""
    keys = {int(one["id"]) for one in row.given["places"]}
    towns = places.townships_of(row.district_id, keys, on)
    names = places.names_at({*keys, *(town for town in towns.values() if town is not None)}, on)
    known = {
        one["id"]: {
            **one,
            "name": names.get(int(one["id"]), one["id"]),
            "town": names.get(towns.get(int(one["id"])) or 0, ""),
        }
        for one in row.given["places"]
    }
    return dict(sorted(known.items(), key=lambda pair: (pair[1]["town"], pair[1]["name"])))

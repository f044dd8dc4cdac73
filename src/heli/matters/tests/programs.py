"""Another program that speaks GeoReport with a key, and what was stored after it spoke."""

import json
from typing import Any

from django.test import Client

from heli.accounts.testing import World, key_of_half
from heli.files.models import StoredFile
from heli.matters.models import Matter, MatterVoice

CANARY, NAME, MAIL = "13912345678", "王翠花", "wang@example.cn"


class Program:
    """Another program with a key of the first district."""

    def __init__(self, world: World, **more: Any) -> None:
        self.half, self.client = world.a, Client()
        self.key, self.secret = key_of_half(world.a, **more)

    def post(self, form: str = "json", **more: Any) -> Any:
        sent = {
            "api_key": self.secret, "jurisdiction_id": self.half.district.public_id, "service_code": "street_lamp",
            "address_string": "岩门村三组村口", "description": f"路灯不亮，找{NAME}", **more,
        }  # fmt: skip
        return self.client.post(f"/open311/v2/requests.{form}", {k: v for k, v in sent.items() if v is not None})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/open311/v2/{path}", {"jurisdiction_id": self.half.district.public_id, **query})


def stored() -> tuple[int, int, int]:
    return Matter.objects.count(), MatterVoice.objects.count(), StoredFile.objects.count()


def error(answer: Any) -> tuple[int, str]:
    """The code and description of an answer's first error; its status says the same."""
    first = json.loads(answer.content)[0]
    assert set(first) == {"code", "description"}
    assert first["code"] == answer.status_code
    return first["code"], first["description"]

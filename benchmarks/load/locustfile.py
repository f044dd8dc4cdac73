"""What people of a province open all day: the mix that `load_bench.py` gives to locust, page by page with a moment to read.

Mostly the home page, places, searches and the board of a campaign, sometimes the map, the register of figures and the messages.
`HELI_LOAD` (JSON) says as whom and where: {cookie, people: [{session, places, districts, board}]}.
"""

import itertools
import json
import os
import random

from locust import HttpUser, between, task

WORDS = ("新村", "大石", "红", "桥", "5116")
GIVEN = json.loads(os.environ["HELI_LOAD"])
NUMBERS = itertools.count()


class Reader(HttpUser):
    """An officer or auditor at the desk."""

    wait_time = between(1, 3)

    def on_start(self) -> None:
        """Every one with an account and a course of their own, the same in every run."""
        number = next(NUMBERS)
        self.chance = random.Random(number)
        self.mine = GIVEN["people"][number % len(GIVEN["people"])]
        self.client.cookies.set(GIVEN["cookie"], self.mine["session"])

    def _place(self) -> str:
        return str(self.chance.choice(self.mine["places"]))

    @task(6)
    def home(self) -> None:
        """The overview."""
        self.client.get("/", name="home")

    @task(6)
    def village(self) -> None:
        """A village or town."""
        self.client.get(f"/places/{self._place()}/", name="a place")

    @task(4)
    def search(self) -> None:
        """A search."""
        self.client.get("/search/", params={"q": self.chance.choice(WORDS), "stay": "1"}, name="search")

    @task(2)
    def district(self) -> None:
        """A district's overview, for those who have one."""
        if self.mine["districts"]:
            self.client.get(f"/places/{self.chance.choice(self.mine['districts'])}/", name="a district")

    @task(3)
    def board(self) -> None:
        """The board of the campaign, or the list of campaigns."""
        board = self.mine["board"]
        self.client.get(board or "/campaigns/", name="board" if board else "campaigns")

    @task(2)
    def map(self) -> None:
        """The battle map of a district and its values."""
        asked = {"district": self.chance.choice(self.mine["districts"])} if self.mine["districts"] else {}
        self.client.get("/figures/map/", params=asked, name="battle map")
        self.client.get("/figures/map/values/", params=asked, name="battle map: values")

    @task(1)
    def figures(self) -> None:
        """The register of figures."""
        self.client.get("/figures/", name="register of figures")

    @task(1)
    def messages(self) -> None:
        """The messages."""
        self.client.get("/notices/", name="messages")

"""Photos from a phone over a weak network: they go on where they broke off, on their own and after a reload."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import PHONE, Meet

pytestmark = pytest.mark.browser

PIECE = 256 * 1024
SIZE = 3 * PIECE + 1000


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A file of four pieces, called like a phone's photo; what is in it nobody asks before its form is sent."""
    path = tmp_path / "IMG_2026.jpg"
    path.write_bytes(bytes(number % 251 for number in range(SIZE)))
    return path


def offset(page: Page, value: str) -> Any:
    """How much of the upload named by a hidden field the server has."""
    ask = "(id) => fetch(`/files/uploads/${id}/`).then((answer) => answer.json()).then((said) => said.offset)"
    return page.evaluate(ask, value.partition(" ")[0])


def test_a_photo_goes_on_by_itself_after_the_network_failed(meet: Meet, photo: Path) -> None:
    page = meet("officer", size=PHONE).open("/ui/patterns/?form=fresh")
    sent: list[str] = []

    def weak(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(route.request.headers["upload-offset"])
            if len(sent) == 2:
                return route.abort("internetdisconnected")
        return route.continue_()

    page.route("**/files/uploads/**", weak)
    page.set_input_files("input[data-resumable][multiple]", photo)
    page.wait_for_selector(".upload--done")
    assert sent == ["0", str(PIECE), str(PIECE), str(2 * PIECE), str(3 * PIECE)], "nothing arrives twice"
    field = page.locator("input[name=photos-upload]").input_value()
    assert field.endswith(" IMG_2026.jpg")
    assert offset(page, field) == SIZE
    assert page.locator("input[data-resumable][multiple]").input_value() == "", (
        "the form does not carry it a second time"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_photo_goes_on_after_the_page_was_reloaded(meet: Meet, photo: Path) -> None:
    page = meet("officer", size=PHONE).open("/ui/patterns/?form=fresh")
    sent: list[int] = []
    cut = [True]

    def weak(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if cut[0] and len(sent) >= 3:
                return route.abort()
        return route.continue_()

    page.route("**/files/uploads/**", weak)
    page.set_input_files("input[data-resumable][multiple]", photo)
    page.get_by_text("网络中断，恢复后自动续传").wait_for()
    page.reload()
    sent.clear()
    cut[0] = False
    page.set_input_files("input[data-resumable][multiple]", photo)
    page.wait_for_selector(".upload--done")
    assert sent == [2 * PIECE, 3 * PIECE], "what had arrived is not sent again"


def test_a_photo_chosen_before_the_module_came_goes_in_pieces_too(meet: Meet, photo: Path) -> None:
    page = meet("officer", size=PHONE).open("/ui/patterns/?form=fresh")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/upload*.js", hold)
    page.reload()
    page.set_input_files("input[data-resumable][multiple]", photo)
    expect(page.locator(".upload")).to_have_count(0)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    page.wait_for_selector(".upload--done")
    assert page.locator("input[name=photos-upload]").input_value().endswith(" IMG_2026.jpg")


def test_two_photos_and_one_thought_better_of(meet: Meet, photo: Path) -> None:
    page = meet("officer", size=PHONE).open("/ui/patterns/?form=fresh")
    other = photo.with_name("IMG_2027.jpg")
    other.write_bytes(b"short")
    page.set_input_files("input[data-resumable][multiple]", [photo, other])
    page.wait_for_selector(".upload--done >> nth=1")
    page.get_by_role("button", name="移除 IMG_2026.jpg").click()
    names = page.locator("input[name=photos-upload]").evaluate_all("(fields) => fields.map((field) => field.value)")
    assert [name.split()[1] for name in names] == ["IMG_2027.jpg"]

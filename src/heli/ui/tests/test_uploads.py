"""The file field whose files arrive before its form: what it reads, what it shows again, what it refuses."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from heli.ui.forms import ResumableFile, ResumableFileField
from heli.ui.uploads import Uploaded, UploadPurpose, open_purpose, read_uploaded


class PhotoForm(forms.Form):
    photos = ResumableFileField(widget=ResumableFile("places.read", 7, photo=True), most=2)


def form(*sent: str, files: int = 0) -> PhotoForm:
    data = QueryDict(mutable=True)
    data.setlist("photos-upload", list(sent))
    came = [SimpleUploadedFile(f"{number}.jpg", b"x") for number in range(files)]
    return PhotoForm(data, MultiValueDict[str, Any]({"photos": came}))


def test_finished_uploads_and_files_of_the_form_come_as_one_list() -> None:
    given = form("abc 会场 1.jpg", "../etc x", files=1)
    assert given.is_valid()
    uploaded, came = given.cleaned_data["photos"]
    assert uploaded == Uploaded("abc", "会场 1.jpg")
    assert came.name == "0.jpg"


def test_what_was_uploaded_is_there_again_when_the_form_is_shown_again() -> None:
    shown = str(form("abc 会场<1>.jpg")["photos"])
    assert 'name="photos-upload" value="abc 会场&lt;1&gt;.jpg"' in shown
    assert "multiple" in shown
    assert "required" not in shown


def test_the_field_refuses_none_and_too_many() -> None:
    assert "photos" in form().errors
    assert "photos" in form("a x", "b x", files=1).errors


def test_the_purpose_travels_sealed() -> None:
    token = str(PhotoForm()["photos"]).partition('data-purpose="')[2].partition('"')[0]
    assert open_purpose(token) == UploadPurpose("places.read", 7, photo=True)
    assert open_purpose(token[:-1]) is None
    assert read_uploaded("") is None

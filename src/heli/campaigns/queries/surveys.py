"""Reads of anonymous surveys."""

from heli.campaigns.models import Survey
from heli.campaigns.types_matters import Answering, Question


def questions_of(survey: Survey) -> list[Question]:
    """The questions of a survey, in order."""
    return [
        Question(
            key=data["key"],
            text=data["text"],
            options=tuple((key, text) for key, text in data["options"]),
            answering=Answering(data["answering"]),
            role=data["role"],
        )
        for data in survey.questions
    ]

"""A text in both languages of the screen, as data files give it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages of the screen."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The text in the reader's language ("zh-hans", "en")."""
        return self.zh if language.startswith("zh") else self.en

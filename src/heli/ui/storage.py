"""Where static files get their addresses."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Names with a hash of the content once `collectstatic` has run; plain names before (tests, a developer's machine).

    With a manifest it stays strict: a name missing from it raises, so that a forgotten asset is found before a release.
    """

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one while there is no manifest at all."""
        return super().stored_name(name) if self.hashed_files else name

"""What rules return and what refusals carry. Presentation is not decided here."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as default
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters: an error stops a write, a warning is shown, a note explains."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong (or worth knowing), with the place where it can be mended.

    `code` is stable and machine-readable, `message` is a sentence for a person and names the remedy, `field` is the form
    field or column, `source` is where it was found ("row 12", "villages.csv:12") or the article of a law.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    field: str = ""
    source: str = ""

    def as_json(self) -> dict[str, str]:
        """The one JSON shape of a problem, the same in pages, API and commands."""
        return {key: str(value) for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, before anybody says it: a code, and the facts its sentence needs. A context's `texts` says it."""

    code: str
    facts: Mapping[str, object] = default(default_factory=dict)
    field: str = ""
    source: str = ""
    severity: str = "error"

    def said(self, sentence: str, facts: Mapping[str, object] | None = None) -> Fault:
        """The fault with this sentence of the reader's language; `facts` in words where the bare ones are not."""
        message = sentence % (self.facts if facts is None else facts)
        return Fault(self.code, message, severity=Severity(self.severity), field=self.field, source=self.source)


class Unsound(Exception):
    """A file or a case that cannot be what it says; carries every finding, before anybody says it."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.code for finding in findings))
        self.findings = findings


class Refused(Exception):
    """A service did not do what was asked; nothing was written. Carries at least one problem."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        if not self.faults:
            raise ValueError("a refusal carries at least one problem")
        super().__init__("; ".join(str(fault.message) for fault in self.faults))

    def __reduce__(self) -> tuple[object, ...]:
        """Sent between processes with its problems; by default an exception is made again from its text."""
        return type(self), (self.faults,)


class Forbidden(Refused):
    """The actor may see this but may not do it here."""


def has_errors(faults: Iterable[Fault]) -> bool:
    """Whether any problem stops a write."""
    return any(fault.severity is Severity.ERROR for fault in faults)

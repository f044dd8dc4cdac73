"""Every service that writes is in a table of who may make it; where a second person decides, so is the first person."""

import importlib
import re
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import heli
from heli.accounts.testing import WriteCase
from heli.audit.services import writing

HOME = Path(heli.__file__).parent
SECOND_PERSON = re.compile(r"same_person|own_(?!deputy)\w+")
"""Codes with which the first person is refused; `own_deputy` is about two names of a form."""
ELSEWHERE = {"heli.records.services"}
"""What every ledger declares, its `LedgerSuite` asks of every role, and of the first person."""


def modules(pattern: str) -> list[ModuleType]:
    """The modules of Heli whose path below it fits."""
    paths = (path.relative_to(HOME.parent).with_suffix("") for path in sorted(HOME.rglob("*.py")))
    names = [".".join(path.parts).removesuffix(".__init__") for path in paths if re.search(pattern, path.as_posix())]
    return [importlib.import_module(name) for name in names]


def codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code and that of the functions inside it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from codes(inner)


def called(function: FunctionType) -> Iterator[FunctionType]:
    """The functions of Heli that the code of a function names."""
    names = {name for code in codes(function.__code__) for name in code.co_names}
    known = [function.__globals__.get(name) for name in names]
    ours = [one for one in known if isinstance(one, ModuleType) and one.__name__.startswith("heli.")]
    for target in (*known, *(getattr(module, name, None) for module in ours for name in names)):
        if isinstance(target, FunctionType) and target.__module__.startswith("heli."):
            yield target


def reached(function: FunctionType, seen: set[FunctionType]) -> set[FunctionType]:
    """The function and whatever it calls, directly or not, beside what was seen before; `writing` is the end."""
    if function not in seen:
        seen.add(function)
        for target in called(function) if function is not writing else ():
            reached(target, seen)
    return seen


SERVICES = {
    function
    for module in modules(r"(services/\w+|services)$")
    if module.__name__ not in ELSEWHERE
    for name, function in vars(module).items()
    if isinstance(function, FunctionType)
    and function.__module__ == module.__name__
    and not name.startswith("_")
    and "actor" in signature(function).parameters
    and function is not writing
    and writing in reached(function, set())
}
CASES: list[WriteCase] = [case for table in modules(r"/tests/test_who_may\w*$") for case in table.CASES]


def test_every_service_that_writes_is_in_a_table_of_who_may() -> None:
    assert len(SERVICES) > 150
    asked = {case.service for case in CASES}
    assert sorted(f"{one.__module__}.{one.__name__}" for one in SERVICES if one not in asked) == []


def test_wherever_a_second_person_decides_the_first_is_refused_in_a_table() -> None:
    demanded = {
        (service.__module__, constant)
        for service in SERVICES
        for function in reached(service, SERVICES - {service}) - (SERVICES - {service})
        for code in codes(function.__code__)
        for constant in code.co_consts
        if isinstance(constant, str) and SECOND_PERSON.fullmatch(constant)
    }
    refused = {(case.service.__module__, case.refused.rpartition(".")[2]) for case in CASES if case.first}
    assert demanded - refused == set()
    assert len({code for _module, code in demanded}) > 5

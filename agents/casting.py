"""People whom a scenario names itself: what a row of its cast may say, and how it is read from CSV. Draws nobody.

What a row leaves out is drawn from the seed, as for everybody else (persona.py). Rows are hostile text: they are
cleaned, limited, and checked before anything is made of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)
from worldloom.provenance.text import clean_text

from .character import TRAITS
from .errors import CastError
from .jobs import CHILD, JOBS, WORKING_AGE

LONGEST_NAME = 60
MOST_LIKES = 8
MOST_ROWS = 100_000
COLUMNS = ("name", "age", "job", "household", "likes", *TRAITS)
"""Columns of a cast's CSV; only `name` must be there."""


def _one_line(value: Any) -> Any:
    return " ".join(clean_text(value, 10 * LONGEST_NAME).split()) if isinstance(value, str) else value


def _separated(value: Any) -> Any:
    return [part for part in value.split(";") if part.strip()] if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_one_line), Field(max_length=LONGEST_NAME)]
Trait = Annotated[int, Field(ge=0, le=100)] | None


class Person(BaseModel):
    """One of a scenario's cast. What is None or empty is drawn from the seed.

    `age` is in years (2 to 110; below 14 nobody has a job), `job` one of `jobs.JOBS`; who has the same `household`
    lives together; `likes` are read by letters and talk; the five traits go from 0 to 100. Raises ValidationError.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    age: Annotated[int, Field(ge=2, le=110)] | None = None
    job: Line = ""
    household: Line = ""
    likes: Annotated[tuple[Line, ...], BeforeValidator(_separated), Field(max_length=MOST_LIKES)] = ()
    openness: Trait = None
    conscientiousness: Trait = None
    extraversion: Trait = None
    agreeableness: Trait = None
    neuroticism: Trait = None

    @field_validator("name")
    @classmethod
    def _can_be_called(cls, value: str) -> str:
        # Mentions finds names by their first word, so a name begins with one.
        if not value[:1].isalnum():
            raise ValueError("a name begins with a letter or a digit")
        return value

    @field_validator("job")
    @classmethod
    def _is_a_job(cls, value: str) -> str:
        known = [job.name for job in JOBS]
        if value and value != CHILD and value not in known:
            raise ValueError(f"there is no job {value!r}; there are {', '.join(known)}")
        return value

    @model_validator(mode="after")
    def _children_have_no_job(self) -> Person:
        if self.job not in ("", CHILD) and self.age is not None and self.age < WORKING_AGE:
            raise ValueError(f"age: somebody of {self.age} has no job; leave it empty, or make them {WORKING_AGE}")
        if self.job == CHILD and (self.age is None or self.age >= WORKING_AGE):
            raise ValueError(f"job: a child is given an age below {WORKING_AGE}")
        return self

    @property
    def traits(self) -> dict[str, int]:
        """The traits that the row gives."""
        given = {trait: getattr(self, trait) for trait in TRAITS}
        return {trait: value for trait, value in given.items() if value is not None}


People = Annotated[
    Annotated[tuple[Person, ...], Tag("rows")] | Annotated[str, Tag("file")],
    Discriminator(lambda value: "file" if isinstance(value, str) else "rows"),
]
"""A scenario's field: rows, or the name of a CSV that holds them."""


def twice_named(people: Sequence[Person]) -> int | None:
    """Return the place in the list of the first who has somebody else's name (case apart), or None."""
    seen: set[str] = set()
    for number, person in enumerate(people):
        if person.name.casefold() in seen:
            return number
        seen.add(person.name.casefold())
    return None


def read_people(data: bytes, where: str) -> tuple[Person, ...]:
    """Read a cast from CSV: UTF-8, a line of column names, a line a person, likings separated by semicolons.

    `where` is the file's name for messages. Raises CastError that names file, line and column.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CastError(f"{where}:{line}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[int] = []
    people: list[Person] = []
    try:
        columns = _columns(next(rows, []), where)
        line = rows.line_num + 1
        for cells in rows:
            if any(cell.strip() for cell in cells):
                people.append(_person(columns, cells, f"{where}:{line}"))
                lines.append(line)
            line = rows.line_num + 1
            if len(people) > MOST_ROWS:
                raise CastError(f"{where}:{line}: more than {MOST_ROWS:,} people; a cast has no more")
    except csv.Error as error:
        raise CastError(f"{where}:{rows.line_num}: not CSV: {error}; close every quotation mark") from error
    if not people:
        raise CastError(f"{where}:1: there is nobody in it; write a line a person below the column names")
    again = twice_named(people)
    if again is not None:
        raise CastError(f"{where}:{lines[again]}:name: {people[again].name!r} is somebody's name already")
    return tuple(people)


def _columns(cells: Sequence[str], where: str) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    for name in names:
        if name not in COLUMNS:
            hint = "; separate columns by commas" if ";" in name or "\t" in name else ""
            raise CastError(f"{where}:1: no column is called {name[:60]!r}; there are {', '.join(COLUMNS)}{hint}")
        if names.count(name) > 1:
            raise CastError(f"{where}:1: column {name} stands there twice")
    if "name" not in names:
        raise CastError(f"{where}:1: the column name is missing; the first line holds the names of the columns")
    return names


def _person(columns: Sequence[str], cells: Sequence[str], where: str) -> Person:
    if len(cells) != len(columns):
        raise CastError(f"{where}: {len(cells)} cells for {len(columns)} columns; quote a cell that holds a comma")
    given: Mapping[str, str] = dict(zip(columns, cells, strict=True))
    try:
        return Person.model_validate({"name": ""} | {name: cell for name, cell in given.items() if cell.strip()})
    except ValidationError as error:
        raise CastError(f"{where}:{_fault(error.errors(include_url=False))}") from error


def _fault(faults: Iterable[Any]) -> str:
    """Return `column: what is wrong` for the first fault."""
    first = next(iter(faults))
    message = str(first["msg"]).removeprefix("Value error, ")
    column = ".".join(str(part) for part in first["loc"][:1])
    return f"{column}: {message}" if column else message

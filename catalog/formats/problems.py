"""What is wrong with a file or with one of its records, as every reader of a format reports it."""

import dataclasses

from hub.values import Value


@dataclasses.dataclass(frozen=True, slots=True)
class Problem(Value):
    """A stable `code`, where it is (`line` from 1, `field` in the format's own name), and what the sentence needs.

    `skips`: the record cannot be taken; otherwise it is taken without the part that is wrong.
    """

    code: str
    line: int | None = None
    field: str | None = None
    params: dict[str, str] = dataclasses.field(default_factory=dict)
    skips: bool = False


class FileRefused(Exception):
    """The file as a whole cannot be read; `problem` says why. Nothing of it may be used."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} at line {problem.line}")
        self.problem = problem


class WriteRefused(Exception):
    """The format cannot hold what was ordered (too many rows for a sheet); `problem` says why. No file comes of it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem

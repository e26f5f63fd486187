"""Small immutable values that travel between processes by the thousand."""

from __future__ import annotations

from operator import attrgetter
from typing import Any


class Value:
    """Base of frozen dataclasses with slots: pickled as a call of the class. What dataclasses bring takes much longer."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        names: tuple[str, ...] = self.__slots__
        told = attrgetter(*names)(self)
        return type(self), told if len(names) > 1 else (told,)

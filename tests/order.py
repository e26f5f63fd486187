"""How the tests are dealt out to processes: by file; those that kill together, for they share one hub, and before all others."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

KILLING = "tests/kill/"


class ByHub(LoadFileScheduling):
    """Files one by one, in the order in which they are collected; one process gets all of the killing."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return KILLING if nodeid.startswith(KILLING) else super()._split_scope(nodeid)


def killing_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """What takes a process longest begins first, so that nothing waits for it in the end."""
    return sorted(items, key=lambda item: not item.nodeid.startswith(KILLING))

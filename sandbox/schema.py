"""The ERN 4.3.2 schema, where the operator has it. Its allowed-value sets are read from beside it, never from the network."""

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from lxml import etree

from sandbox.refusals import Refusal

SHOWN = 20


class Schema:
    """Compiled once; validates one message at a time."""

    def __init__(self, standards: Path) -> None:
        """Compile ``ern/4.3.2/release-notification.xsd`` below a folder of standards. Raises FileNotFoundError without it."""
        path = standards / "ern" / "4.3.2" / "release-notification.xsd"
        if not path.is_file():
            raise FileNotFoundError(path)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        self._schema = etree.XMLSchema(etree.parse(str(path), parser))
        self._lock = threading.Lock()

    def refusals(self, tree: etree._ElementTree) -> list[Refusal]:
        """Why the schema refuses a message, the first twenty reasons."""
        with self._lock:
            if self._schema.validate(tree):
                return []
            errors: list[Any] = [*cast(Iterable[Any], self._schema.error_log)][:SHOWN]
        return [Refusal("SCHEMA", error.path or "/", f"{error.message} (line {error.line})") for error in errors]

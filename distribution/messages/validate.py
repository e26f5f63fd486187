"""A message against the standard's own schema (ERN 4.3.2), where the operator has it (`BANMAO_STANDARDS`).

The project does not carry the schema: DDEX keeps its copyright. Imports resolve inside the operator's folder only.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from lxml import etree

from distribution.messages import ern, xml
from distribution.problems import Problem
from hub.i18n import _

SCHEMA: Final = Path("ern/4.3.2/release-notification.xsd")
MOST_PROBLEMS: Final = 100


def validate(content: bytes, standards: Path | None) -> list[Problem]:
    """Problems of an XML document as an ERN 4.3.2 NewReleaseMessage; empty when it is one.

    Without `standards` only well-formedness, namespace and root are checked. Raises `hub.errors.Invalid` for what is not XML.
    """
    root = xml.parse(content)
    name = etree.QName(root)
    if name.localname != "NewReleaseMessage":
        return [
            Problem("NOT_A_RELEASE", _("This is not a message about a new release."), name.localname, xml.line_of(root))
        ]
    found: list[Problem] = []
    if name.namespace != ern.NAMESPACE:
        written = (name.namespace or "").rpartition("/")[2]
        found.append(
            Problem(
                "WRONG_VERSION",
                _("This message is written in version %(version)s of ERN. The hub reads 4.3.2.", version=written),
                name.localname,
                xml.line_of(root),
            )
        )
    schema = None if standards is None else load_schema(standards / SCHEMA)
    if schema is not None and not schema.validate(root):
        log: Any = schema.error_log
        found.extend(
            Problem(
                "SCHEMA",
                _("The standard does not allow this: %(reason)s", reason=error.message),
                error.path,
                error.line,
            )
            for error in list(log)[:MOST_PROBLEMS]
        )
    return found


@lru_cache(maxsize=4)
def load_schema(path: Path) -> etree.XMLSchema | None:
    """The schema at `path`, compiled once; None when the operator does not have it."""
    if not path.is_file():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.XMLSchema(etree.parse(path, parser))

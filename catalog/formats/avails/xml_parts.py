"""Elements of Avails XML: three namespaces whose versions go together, and the small parts that come again and again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from catalog.formats.avails import windows

_REGION = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?|[0-9]{3}")
_WORLD: Final = {"worldwide": "001", "world": "001", "ww": "001", "global": "001"}
_DECIMAL = re.compile(r"[+-]?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Schema:
    """Versions of the schemas for avails, common metadata and its media entertainment core."""

    version: str
    common: str
    core: str

    @property
    def prefixes(self) -> dict[str, str]:
        return {"avails": self._uri("avails"), "md": self._uri("md"), "mdmec": self._uri("mdmec")}

    def version_of(self, name: str) -> str:
        return {"avails": self.version, "md": self.common, "mdmec": self.core}[name]

    def avails(self, name: str) -> str:
        return f"{{{self._uri('avails')}}}{name}"

    def md(self, name: str) -> str:
        return f"{{{self._uri('md')}}}{name}"

    def _uri(self, name: str) -> str:
        end = {"avails": "/avails", "md": "/md", "mdmec": ""}[name]
        return f"http://www.movielabs.com/schema/{name}/v{self.version_of(name)}{end}"


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes elements of one version. Attributes with empty values are for the caller to leave out."""

    schema: Schema

    def root(self, name: str) -> etree._Element:
        return etree.Element(self.schema.avails(name), nsmap=self.schema.prefixes)

    def add(self, parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
        return self._child(parent, self.schema.avails(name), text, attributes)

    def md(self, parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
        return self._child(parent, self.schema.md(name), text, attributes)

    def some(self, parent: etree._Element, name: str, text: str) -> None:
        """The element where there is something to say."""
        if text:
            self.add(parent, name, text)

    def region(self, parent: etree._Element, code: str) -> None:
        """md:Region-type: a country by ISO 3166-1, a part of one by ISO 3166-2, a region of the world by UN M49."""
        code = region(code)
        self.md(parent, "country" if len(code) == 2 else "countryRegion", code)

    def term(self, parent: etree._Element, name: str, kind: str, text: str, **attributes: str) -> None:
        self.add(self.add(parent, "Term", termName=name), kind, text, **attributes)

    def _child(self, parent: etree._Element, tag: str, text: str | None, attributes: dict[str, str]) -> etree._Element:
        child = etree.SubElement(parent, tag, attributes)
        child.text = text
        return child


def region(code: str) -> str:
    """A territory as md:Region-type has it; empty for what it has no place for."""
    found = _WORLD.get(code.casefold(), code.upper())
    return found if _REGION.fullmatch(found) else ""


def decimal(text: str) -> bool:
    return _DECIMAL.fullmatch(text) is not None


def is_moment(text: str) -> bool:
    """A day, or an instant, that the schema's xs:date and xs:dateTime admit."""
    return windows.moment(text) is not None and len(text) != 16

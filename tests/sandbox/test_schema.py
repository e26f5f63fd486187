"""The standard's own schema, where it is at hand: our hand writes valid messages, and the sandbox refuses invalid ones by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from sandbox.schema import Schema
from tests.sandbox import ern
from tests.sandbox.desk import Desk
from tests.sandbox.ern import DOWNLOAD, STREAMING, Deal, album


@pytest.fixture
def strict(desk: Desk, standards: Path) -> Desk:
    desk.intake._schema = Schema(standards)
    return desk


@pytest.mark.standards
@pytest.mark.parametrize(
    "made",
    [
        album(
            deals=(Deal(("ID", "SG"), "2026-01-01", "2027-01-01", (STREAMING, DOWNLOAD)), Deal(("MY",), release="R1"))
        ),
        album(deals=(), resources=False),
        replace(album(), purge=True),
    ],
    ids=["release", "takedown", "purge"],
)
def test_what_the_tests_deliver_is_valid(standards: Path, made: ern.Album) -> None:
    assert Schema(standards).refusals(etree.fromstring(made.xml()).getroottree()) == []


@pytest.mark.standards
def test_an_invalid_message_is_refused_at_the_place_that_the_schema_names(strict: Desk) -> None:
    made = album()

    def disorder(root: etree._Element) -> None:
        root.append(root[0])

    (told,) = strict.take(made.delivery(disorder), made.folder())
    assert "SCHEMA" in told.codes
    path, sentence = told.reasons["SCHEMA"]
    assert path.startswith("/ern:NewReleaseMessage")
    assert "MessageHeader" in sentence
    assert strict.catalogue(date(2026, 11, 23)) == []


@pytest.mark.standards
def test_a_valid_message_passes_the_schema_too(strict: Desk) -> None:
    made = album()
    (told,) = strict.take(made.delivery(), made.folder())
    assert told.accepted, told.reasons

"""One word for one thing: pages say what the domains say, and have a word and a sign for every value."""

from __future__ import annotations

import pytest
from graphql import GraphQLEnumType, build_schema

from catalog.rights import DERIVATIVE_RIGHTS, RIGHTS_BY_KIND
from hub.i18n import _
from hub.settings import ROOT
from hub.vocabulary import RIGHTS
from web.labels import LABELS, RIGHT_FAMILIES, STATES, rights_for
from web.navigation import NAVIGATION
from web.templating import environment

SCHEMA = build_schema((ROOT / "graphql" / "schema.graphql").read_text(encoding="utf8"))
NAMED = {
    "RightType": RIGHTS,
    "WorkKind": STATES["kind"],
    "WorkStatus": STATES["work_status"],
    "RightStatus": STATES["right_status"],
    "RenderingState": STATES["rendering"],
    "NegotiationStatus": STATES["negotiation"],
    "ContractStatus": STATES["contract"],
    "ImportStatus": STATES["import"],
    "ImportOutcome": STATES["outcome"],
    "DeliveryStatus": STATES["delivery"],
    "SampleStatus": STATES["sample"],
    "SampleOpeningKind": LABELS["opening"],
    "ReportStatus": STATES["report"],
    "DealStage": STATES["deal"],
    "OrganizationKind": LABELS["organization"],
    "Role": LABELS["member"],
    "CatalogFormat": LABELS["format"],
}


@pytest.mark.parametrize("name", NAMED)
def test_every_value_of_the_contract_has_its_word(name: str) -> None:
    kind = SCHEMA.get_type(name)
    assert isinstance(kind, GraphQLEnumType)
    assert set(NAMED[name]) == set(kind.values)


@pytest.mark.parametrize("kind", RIGHTS_BY_KIND)
def test_a_kind_of_work_is_offered_the_rights_that_the_catalogue_knows_for_it(kind: str) -> None:
    assert rights_for(kind) == (*RIGHTS_BY_KIND[kind], *DERIVATIVE_RIGHTS)


def test_every_right_belongs_to_a_family() -> None:
    listed = [right for family in RIGHT_FAMILIES for right in family.rights]
    assert sorted(listed) == sorted(RIGHTS)


def test_every_state_has_a_sign_that_is_drawn() -> None:
    drawn = environment().get_template("parts/icons.html").module.paths  # type: ignore[attr-defined]
    assert {state.icon for states in STATES.values() for state in states.values()} <= set(drawn)
    assert {entry.icon for entries in NAVIGATION.values() for entry in entries} <= set(drawn)


def test_navigation_is_short_enough_for_a_phone() -> None:
    assert all(len(entries) <= 6 for entries in NAVIGATION.values())
    assert _("Home") == NAVIGATION["PUBLISHER"][0].label

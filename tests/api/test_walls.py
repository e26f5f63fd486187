"""Everything that the schema can be asked, asked by who may not: nothing of somebody else's is answered or changed.

Queries and mutations are made from the schema's types, so whatever is added to it is walked too.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from graphql import build_schema
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from banmao.app import create_app
from banmao.execution import PlannedExecutor
from banmao.processes import running_worker
from banmao.published import operations
from banmao.schema import schema, sdl
from hub.settings import ROOT, Settings
from tests.api import asking
from tests.api.world import AMOUNT, MARK, TUNE, World
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import PASSWORD, Actor, actor

SCHEMA = build_schema(sdl())
assert SCHEMA.query_type
assert SCHEMA.mutation_type
QUERIES, MUTATIONS = SCHEMA.query_type.fields, SCHEMA.mutation_type.fields
HOUSE = "guilin"
UNREAL: dict[str, Any] = {"graphql_tokens": 10**6, "graphql_cost": 10**9, "graphql_aliases": 10**6, "graphql_depth": 60}
"""Limits out of the way: these requests ask for every field there is."""


TICKET = re.compile(r"/[0-9]{10,}[^/\"]*/")
"""What is true for a time only, in the addresses of files."""


@pytest.fixture(scope="module")
async def world(shared_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    models = ROOT / "tests" / "data" / "models"
    settings = Settings(data=tmp_path_factory.mktemp("world"), models=models, argos_beam_size=1, **UNREAL)
    url = shared_database.app_url
    app = create_app(settings, url)
    async with (
        app.router.lifespan_context(app),
        Api(app, app.state.runtime) as client,
        running_worker(settings, url) as worker,
    ):
        yield await World(client, worker, shared_database).build()


EVERYTHING = {
    "filter": None,
    "status": None,
    "awaitingMe": False,
    "negotiations.workId": None,
    "kind": None,
    "domain": None,
    "owner": None,
    **{f"{root}.query": None for root in QUERIES if root not in ("searchWorks", "searchSuggestions")},
    "memoryEntries.sourceLanguage": None,
    "memoryEntries.targetLanguage": None,
    "translationDesk.language": "en",
}
"""Arguments of lists that would leave things out. Searched is the mark itself."""
REFUSALS = {"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"}
STRANGERS: dict[str, tuple[str, ...]] = {
    "nobody": (MARK, TUNE, AMOUNT),
    "agency": (MARK, TUNE, AMOUNT),
    "platform": (MARK, TUNE, AMOUNT),
    "studio": (MARK, TUNE, AMOUNT),
    "another label": (MARK, TUNE, AMOUNT),
    "desk": (MARK,),
    "label": (MARK,),
    "seller": (TUNE,),
    "buyer": (TUNE, "未刊", "草稿", "why", "Licensee", "invited"),
}
"""Who asks, and what must not be in any answer to them."""


async def who(world: World, name: str) -> Actor | None:
    """One of the world's own people, or somebody who has come to it since."""
    if name == "nobody":
        return None
    if name not in world.people:
        kind, country = {
            "agency": ("AGENCY", "TH"),
            "platform": ("PLATFORM", "TH"),
            "studio": ("STUDIO", "ID"),
            "another label": ("LABEL", "CN"),
            "viewer of the house": ("PUBLISHER", "CN"),
            "viewer of the label": ("LABEL", "CN"),
        }[name]
        house = {"viewer of the house": HOUSE, "viewer of the label": "yongjiang-music"}.get(name)
        world.people[name] = await actor(
            world.runtime,
            house or name.replace(" ", "-"),
            kind=kind,
            country=country,
            language="my",
            territories=["ID"] if kind == "STUDIO" else (),
            roles=["VIEWER"] if house else ["ADMIN"],
            person="viewer" if house else "",
        )
    return world.people[name]


@pytest.mark.parametrize("name", STRANGERS)
async def test_nothing_of_somebody_elses_is_answered(world: World, name: str) -> None:
    someone = await who(world, name)
    given = world.arguments() | EVERYTHING
    before = world.database.content()
    marks = (*STRANGERS[name], *(() if name == "seller" else (world.ids["export"],)))
    complaints = []
    for root, definition in QUERIES.items():
        asked = asking.ask("query", root, definition, given)
        answer = await world.api.ask(asked.query, asked.variables, token=someone.token if someone else None)
        said = json.dumps(answer, ensure_ascii=False)
        if any(mark in said for mark in marks):
            complaints.append((root, said[:2000]))
        codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
        if not codes <= REFUSALS:
            complaints.append((root, answer["errors"]))
    assert not complaints
    assert world.database.content() == before


@pytest.mark.parametrize("name", ["seller", "label"])
async def test_planned_answers_are_the_executors_own(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question that the schema can be asked and every query of our own pages, with and without `banmao.execution`."""
    someone = await who(world, name)
    assert someone
    given = world.arguments() | EVERYTHING
    questions = [asking.ask("query", root, definition, given) for root, definition in QUERIES.items()]
    questions += [asked for text in operations().values() if (asked := asking.fill(text, SCHEMA, given))]
    assert len(questions) > len(QUERIES) + 50
    answers = []
    for executor in (PlannedExecutor, StrawberryGraphQLCoreExecutionContext):
        monkeypatch.setattr(schema, "execution_context_class", executor)
        said = [await world.api.ask(asked.query, asked.variables, token=someone.token) for asked in questions]
        answers.append([TICKET.sub("/…/", json.dumps(answer, ensure_ascii=False)) for answer in said])
    for asked, ours, core in zip(questions, *answers, strict=True):
        assert ours == core, asked.query


async def test_the_same_questions_are_answered_to_whom_it_concerns(world: World) -> None:
    """Without this, the walk above might ask for nothing at all."""
    seen: dict[str, set[str]] = {}
    for name in ("seller", "buyer", "label"):
        someone = await who(world, name)
        assert someone
        for root, definition in QUERIES.items():
            asked = asking.ask("query", root, definition, world.arguments() | EVERYTHING)
            said = json.dumps(
                await world.api.ask(asked.query, asked.variables, token=someone.token), ensure_ascii=False
            )
            marks = (MARK, TUNE, AMOUNT, world.ids["export"])
            seen.setdefault(name, set()).update([root] if any(mark in said for mark in marks) else [])
    of_both = {"negotiation", "negotiations", "contract", "contracts", "viewer", "members", "sample", "samples"}
    assert seen["buyer"] == of_both
    assert seen["seller"] == of_both | {
        "catalogExport",
        "catalogExports",
        "catalogImport",
        "catalogImportRows",
        "catalogImports",
        "deskText",
        "glossaryFile",
        "glossaryTerm",
        "glossaryTerms",
        "invitations",
        "memoryEntries",
        "memorySuggestions",
        "mySamples",
        "myWorks",
        "possibleDoubles",
        "sampleOpenings",
        "sampleTrace",
        "savedSearches",
        "textRenderings",
        "textWorks",
        "translationBatch",
        "translationBatches",
        "translationDesk",
        "translationExchange",
        "translationExchanges",
        "work",
    }
    assert seen["label"] == {
        "deliveries",
        "members",
        "myWorks",
        "payees",
        "release",
        "releases",
        "salesReport",
        "salesReports",
        "statement",
        "statements",
        "viewer",
    }


OWN = {"createToken", "updateProfile", "saveSearch"}
"""What everybody may do who has signed in: it concerns only themselves."""
HEADS = OWN | {"invite", "shareMemory", "importTranslations"}
OF_ONES_OWN = {"importCatalog", "importGlossary", "exportTranslations", "translateWorks"}
"""It concerns only one's own list, in which strangers have nothing, or a file that cannot be read."""
CATALOGUERS = HEADS | {"createWork", "decideAllDoubles"}
LISTERS = CATALOGUERS | {"importSalesReport", "closePeriod"}
MAY: dict[str, set[str]] = {
    "nobody": set(),
    "agency": LISTERS,
    "platform": HEADS,
    "studio": CATALOGUERS,
    "another label": LISTERS,
    "viewer of the house": OWN,
    "viewer of the label": OWN,
}
APART = {"signOut", "switchOrganization", "changePassword"}
"""They end the session that the rest of a walk needs; tests of accounts walk them."""


def refusal(root: str, answer: dict[str, Any]) -> str | None:
    """The code with which a change was refused. Of several texts each is approved or refused by itself."""
    if "errors" in answer:
        return str(answer["errors"][0]["extensions"]["code"])
    problems = answer["data"][root]["problems"] if root == "approveTexts" else []
    return str(problems[0]["code"]) if any(problems) else None


@pytest.mark.parametrize("name", MAY)
async def test_nothing_is_changed_by_who_may_not(world: World, name: str) -> None:
    someone = await who(world, name)
    token = someone.token if someone else None
    given = world.arguments() | {"email": f"{name.replace(' ', '-')}@new.example"}
    done: set[str] = set()
    complaints: list[Any] = []
    refused: list[str] = []
    state, lines = world.database.content("sign_in_attempts"), world.database.lines("sign_in_attempts")

    def changed() -> list[Any]:
        """What is not as it was before all that was refused since something was last done. Looking each time takes long."""
        after = world.database.content("sign_in_attempts")
        return [(refused, table) for table in after if after[table] != state[table]]

    for root, definition in MUTATIONS.items():
        if root in APART:
            continue
        if root in MAY[name]:
            complaints += changed()
        asked = asking.ask("mutation", root, definition, given)
        answer = await world.api.ask(asked.query, asked.variables, token=token, files=asked.files or None)
        if code := refusal(root, answer):
            refused.append(root)
            if ("errors" in answer and answer["data"]) or not (
                code in REFUSALS or (root in OF_ONES_OWN and code == "INVALID")
            ):
                complaints.append((root, answer))
        else:
            done.add(root)
            now = world.database.lines("sign_in_attempts")
            gone = {line for table in lines for line in lines[table]} - {line for table in now for line in now[table]}
            complaints += [(root, line) for line in gone if not someone or str(someone.person_id) not in line]
            state, lines, refused = world.database.content("sign_in_attempts"), now, []
    assert not complaints + changed()
    assert done == MAY[name]


OWNERS = {
    "label": "addTrack closePeriod createRelease importSalesReport publishAbroad recordAdvance retryDelivery"
    " removeTrack setReleaseCover supplyAudio takeDown",
    "desk": "allocateGtinPrefix allocateIsrcRange enterChannel",
    "buyer": "withdrawOffer",
    "studio of the country": "moveDeal",
}


async def test_the_same_changes_are_made_by_who_may(world: World) -> None:
    """Last, since it changes the world. Without it, refusals above might be about something else than who asks."""
    by = {root: name for name, roots in OWNERS.items() for root in roots.split()}
    world.people["studio of the country"] = world.people["hanoi"]
    of_others = {
        "signIn",
        "acceptInvitation",
        "switchOrganization",
        "signOut",
        "removePerson",
        "setRoles",
        "revokeToken",
    }
    mine = {"moveDeal.dealId": world.ids["deal of the country"], "createRelease.workId": None}
    mine |= {"makeOffer.workId": world.ids["published"], "importCatalog.file": None}
    complaints = []
    for root, definition in MUTATIONS.items():
        if root in of_others | {"importCatalog"}:
            continue
        asked = asking.ask("mutation", root, definition, world.arguments() | mine)
        token = world.people["buyer" if root == "makeOffer" else by.get(root, "seller")].token
        answer = await world.api.ask(asked.query, asked.variables, token=token, files=asked.files or None)
        codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
        if codes & REFUSALS or (root == "approveTexts" and refusal(root, answer)):
            complaints.append((root, answer))
        if root == "changePassword":
            assert not codes
    assert not complaints


async def test_a_studio_sees_the_deals_of_its_country_and_only_those(world: World) -> None:
    studio = world.people["hanoi"]
    board = await world.api.data(
        "{ studioDeals { totalCount edges { node { id negotiation { id } territories } } } }", token=studio.token
    )
    deals = board["studioDeals"]["edges"]
    assert [deal["node"]["id"] for deal in deals] == [world.ids["deal of the country"]]
    for argument in ("negotiation", "contract"):
        query = f"query ($id: ID!) {{ {argument}(id: $id) {{ id }} }}"
        assert (await world.api.data(query, {"id": world.ids[argument]}, token=studio.token))[argument] is None


async def test_files_are_for_whom_they_concern(world: World) -> None:
    """Documents answer NOT_FOUND to everybody else, whatever the path; nothing outside the storage is reached."""
    paths = {
        f"/contracts/{world.ids['signed contract']}/document.pdf": ("seller", "buyer"),
        f"/statements/{world.ids['statement']}/document.pdf": ("label", "desk"),
    }
    everybody: list[str] = [*STRANGERS, "viewer of the house"]
    for path, readers in paths.items():
        for name in everybody:
            someone = await who(world, name)
            headers = {"Authorization": f"Bearer {someone.token}"} if someone else {}
            response = await world.api.http.get(path, headers=headers | {"Accept-Language": "en"})
            if name in readers or (name, path[:5]) == ("viewer of the house", "/cont"):
                assert response.status_code == 200, (path, name)
                assert response.content.startswith(b"%PDF")
                assert response.headers["cache-control"] == "private, no-store"
            else:
                assert response.status_code == 404, (path, name, response.text)
    seller = world.people["seller"].token
    for path in (
        "/contracts/../../../../etc/passwd/document.pdf",
        "/contracts/%2e%2e%2f%2e%2e%2fetc%2fpasswd/document.pdf",
        "/contracts/%00/document.pdf",
        "/contracts/{00000000-0000-0000-0000-000000000000}/document.pdf",
        "/covers/..%2f..%2fsecret",
        "/covers/../secret",
        "/covers/%2e%2e/%2e%2e/secret",
        "/covers/" + "0" * 5000 + ".jpg",
        "/static/../../hub/settings.py",
        "/static/%2e%2e/%2e%2e/hub/settings.py",
        "/static/..%2f..%2fhub%2fsettings.py",
        "/static//etc/passwd",
        "/static/%00",
    ):
        response = await world.api.http.get(path, headers={"Authorization": f"Bearer {seller}"})
        assert response.status_code in (404, 405), (path, response.status_code)
        assert "root:" not in response.text
        assert "BANMAO" not in response.text


async def test_a_password_is_asked_again_before_signing(world: World) -> None:
    sign = 'mutation ($id: ID!, $p: String!) { signContract(contractId: $id, name: "x", password: $p) { id } }'
    before = world.database.content("sign_in_attempts")
    given = {"id": world.ids["contract"], "p": PASSWORD + "x"}
    refused = await world.api.refusal(sign, given, token=world.people["buyer"].token, language="lo")
    assert (refused["code"], refused["field"]) == ("INVALID", "password")
    assert world.database.content("sign_in_attempts") == before

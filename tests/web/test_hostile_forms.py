"""Every form of the pages, field by field, fed with what no person would type: refused in words, and nothing written."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
import psycopg
from lxml import html
from psycopg import sql
from starlette.routing import compile_path

from accounts import service
from hub.i18n import LANGUAGES, Message
from hub.runtime import Runtime
from tests.api.world import World, memory
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import marketplace as deal
from tests.factories import release
from tests.factories.accounts import PASSWORD, Actor, actor
from tests.factories.distribution import picture, sound
from tests.factories.onix import message, product
from web.page import LANGUAGE, SESSION
from web.pages import AREAS

READER = "vi"
OTHER_LANGUAGES = frozenset(LANGUAGES) - {READER}
"""A form may have the same fields for every language: then those of the reader's are fed."""
File = tuple[str, bytes, str]
Sent = list[tuple[str, str | File]]

WORDS = ("", "x" * 30_000, "a\u202e\x00b")
EXACT = (*WORDS, "²", "9" * 5000, "١٢", "--5", "1e400", "inf", "NaN", "0000-00-00", "9999-12-31", "word")
VALUES: Mapping[str, Sequence[str]] = {"words": WORDS, "chosen": ("9" * 5000, "²\u202e\x00")}
A_FILE: File = ("note.txt", b"a file", "text/plain")

PAGES: Mapping[str, Sequence[str]] = {
    "seller": (
        *(
            "/works?status=DRAFT",
            "/works/new",
            "/works/{draft}",
            "/works/{draft}/rights",
            "/works/{published}",
            "/works/{fresh}",
            "/imports",
            "/imports/{import}",
            "/imports/{doubtful import}",
            "/imports/{taken import}",
            "/exports",
            "/doubles",
            "/works/{published}/samples",
            "/samples/{sample}",
        ),
        *(
            "/translation?language=en",
            "/translation/{text}/en",
            "/translation/memory",
            "/translation/glossary/new",
            "/translation/glossary/{term}",
            "/translation/glossary/import",
            "/translation/files",
            "/translation/files/{exchange}",
            "/translation/batches",
            "/translation/batches/{batch}",
        ),
        *("/texts/{text}/th", "/negotiations/{countered}", "/negotiations/{negotiation}"),
        *("/negotiations/{negotiation}/counter", "/contracts/{contract}", "/settings", "/settings/people"),
    ),
    "buyer": ("/works/{published}/offer", "/negotiations/{negotiation}", "/search?q=%E6%9C%AA"),
    "label": (
        *("/releases/new", "/releases/{unsent}", "/releases/{unsent}/tracks/new", "/releases/{release}"),
        *("/releases/{awaiting release}/tracks/{awaited}/audio", "/deliveries", "/sales"),
    ),
    "hanoi": ("/deals",),
    "nobody": ("/sign-in", "/invitation/{secret}"),
}
"""Where everybody's forms are, by who may use them."""

FILLED: Mapping[str, str] = {
    "title": "山海经",
    "artist": "韦小云",
    "contributor": "郭璞",
    "year": "1958",
    "payee": "韦小云",
    "share": "25",
    "royalty": "7.5",
    "advance": "5500",
    "guarantee": "1200",
    "licensee": "Nhà xuất bản",
    "text": "Xin chào",
    "email": "somebody@else.example",
    "password": PASSWORD,
    "current": PASSWORD,
    "name": "陈静",
    "token_name": "catalogue",
    "release_date": "2026-11-01",
    "start": "2027-01-01",
    "due_on": "2027-01-01",
    "period": "2026-10",
    "right": "PRINT",
    "territory": "MY",
    "roles": "VIEWER",
}
"""What a person would type, so that the other field is what an answer is about."""
FILES: Mapping[str, File] = {
    "audio": ("a.flac", sound(0.5), "audio/flac"),
    "cover": ("cover.jpg", picture(), "image/jpeg"),
    "/cover": ("cover.jpg", picture(), "image/jpeg"),
    "/imports": ("list.xml", message([product()]), "application/xml"),
    "/samples": ("page.jpg", picture(), "image/jpeg"),
    "/glossary/import": ("terms.csv", b"key,en,zh\nadvance,advance,\xe9\xa2\x84\xe4\xbb\x98\xe6\xac\xbe\n", "text/csv"),
    "/files/in": ("memory.tmx", memory("书", "Book"), "application/xml"),
    "/sales": ("report.tsv", b"HEAD\t", "text/tab-separated-values"),
}
UNFED = {"csrf", "key"}
QUIET = {"sign_in_attempts", "idempotency_keys"}
"""Tables in which a refusal may leave its trace."""


@dataclass
class Found:
    """A form as a page shows it: who may send it, its fields by name with their kinds, and what it would send."""

    who: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    values: Sent = field(default_factory=list)

    def changed(self, names: Collection[str], *values: str | File) -> Sent:
        rest = [item for item in self.values if item[0] not in names]
        return [*rest, *((name, value) for name in names for value in values)]

    def hostile(self, again: bool) -> Iterator[tuple[str, Sent]]:
        """What is sent, and what the test calls it: every field with every value that does not belong there.

        Numbers and days are read by the pages themselves, all of them before anything is refused: they go together, as do the
        fields that come as a file or twice. Words and choices are judged one by one, so they come one by one.
        `again`: the same fields were fed in another form of these pages, so only whole forms are sent.
        """
        exact = [name for name, kind in self.fields.items() if kind == "exact"]
        for value in EXACT if exact and not again else ():
            yield f"{exact}: {value[:20]!r}", self.changed(exact, value)
        for name, kind in self.fields.items():
            if READER in self.fields and name.partition("_")[0] in OTHER_LANGUAGES:
                continue
            own = [value for key, value in self.values if key == name]
            for value in VALUES.get(kind, ()) if not again else ():
                yield f"{name}: {value[:20]!r}", self.changed([name], value, *own[1:])
            yield f"{name}: missing", self.changed([name])
        for name in (name for name, kind in self.fields.items() if kind == "file"):
            yield f"{name}: text", self.changed([name], "not a file")
        if self.fields:
            yield "files", self.changed(self.fields, A_FILE)
            yield "twice", [*self.values, *self.values]


def kind_of(element: html.HtmlElement) -> str:
    kind = element.get("type", "text")
    if element.tag == "select" or kind in ("checkbox", "radio", "hidden"):
        return "chosen"
    if kind == "file":
        return kind
    return "exact" if kind == "date" or element.get("inputmode") else "words"


def read(who: str, action: str, form: html.FormElement) -> Found:
    found = Found(who, action)
    for element in form.inputs:
        if element.name and element.name not in UNFED:
            found.fields.setdefault(element.name, kind_of(element))
    values: Sent = [(name, value or FILLED.get(name, "")) for name, value in form.form_values() if name not in UNFED]
    sent = {name for name, _value in values}
    for name, kind in found.fields.items():
        if kind == "file":
            place = next((known for known in FILES if action.endswith(known)), name)
            values.append((name, FILES[place]))
        elif name not in sent and name in FILLED:
            values.append((name, FILLED[name]))
    for button in form.xpath(".//button[@name]"):
        found.fields.setdefault(button.get("name"), "chosen")
        values.append((button.get("name"), button.get("value", "")))
    found.values = values
    return found


def actions(form: html.FormElement, path: str) -> list[str]:
    """Where a form goes: when it is sent, and what a script sends of it before."""
    places = [form.get("action") or path, *([asked] if (asked := form.get("hx-post")) else [])]
    return list(dict.fromkeys(place.split("?")[0] for place in places))


class Reader:
    """Somebody who reads in one language, and sends whatever they like."""

    def __init__(self, api: Api, actor: Actor | None) -> None:
        cookies = {LANGUAGE: READER, **({SESSION: actor.token} if actor else {})}
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=api.app), base_url="http://hub.test", cookies=cookies, timeout=60
        )
        self.csrf = ""

    async def forms(self, who: str, path: str) -> list[Found]:
        answer = await self.http.get(path)
        assert answer.status_code == 200, f"{who} may not open {path}: {answer.status_code}"
        page = html.document_fromstring(answer.text)
        self.csrf = page.xpath('//input[@name="csrf"]/@value')[0]
        forms = [form for form in page.forms if form.method == "POST"]
        return [read(who, action, form) for form in forms for action in actions(form, path)]

    async def send(self, action: str, values: Sent) -> httpx.Response:
        parts = [("csrf", (None, self.csrf)), ("key", (None, secrets.token_urlsafe(18)))]
        parts += [(name, value if isinstance(value, tuple) else (None, value)) for name, value in values]
        kept = dict(self.http.cookies)
        answer = await self.http.post(action, files=parts)
        self.http.cookies = httpx.Cookies(kept)
        return answer


class Rows:
    """How many rows each table has, read over one connection."""

    def __init__(self, database: TestDatabase) -> None:
        self.connection = psycopg.connect(database.owner_url, autocommit=True)
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        tables = [str(row[0]) for row in self.connection.execute(names) if row[0] not in QUIET]
        each = sql.SQL("SELECT {}, count(*) FROM {}")
        self.query = sql.SQL(" UNION ALL ").join(each.format(sql.Literal(t), sql.Identifier(t)) for t in tables)

    def count(self) -> dict[str, int]:
        return {str(table): int(number) for table, number in self.connection.execute(self.query).fetchall()}


def wrong(answer: httpx.Response, before: Mapping[str, int], after: Mapping[str, int]) -> str | None:
    """What an answer should not be: a failure, a refusal that wrote, or one in another language than the reader's."""
    if answer.status_code >= 500:
        return str(answer.status_code)
    if answer.status_code < 400:
        return None
    if before != after:
        return f"{answer.status_code}, yet written: {sorted(set(after.items()) - set(before.items()))}"
    page = html.document_fromstring(answer.text)
    said = [
        " ".join(item.text_content().split())
        for item in page.xpath('//*[@role="alert"] | //p[contains(@class, "error")]')
    ]
    said += [" ".join(item.text_content().split()) for item in page.xpath("//h1")]
    english = [text for text in said if text and Message(text).render(READER) != text]
    if page.get("lang") != READER or english:
        return f"{answer.status_code} in another language: {page.get('lang')} {english}"
    return None if said else f"{answer.status_code} without a word"


async def furnished(api: Api, runtime: Runtime, database: TestDatabase) -> World:
    """The world of the API's tests, with something to answer, to retry, and to send for the first time."""
    world = await World(api, runtime, database).build()
    label, seller, buyer = (world.people[name] for name in ("label", "seller", "buyer"))
    world.ids["unsent"] = await release.release(api, label, title="漓江夜")
    await release.track(api, label, world.ids["unsent"], "漓江夜")
    talk = await deal.offer(api, buyer, world.ids["published"], terms=deal.terms(scope=deal.scope(territories=["SG"])))
    terms = deal.terms(scope=deal.scope(territories=["SG"]), royaltyPercent="8")
    await api.data(deal.COUNTER, {"id": talk["id"], "terms": terms, "message": None}, token=seller.token)
    world.ids["countered"] = talk["id"]
    world.ids["fresh"] = await deal.work(api, seller, title="镜花缘")
    await actor(runtime, "guilin", person="second", roles=("VIEWER",))
    await api.data('mutation { saveSearch(name: "kept", query: "") { id } }', token=buyer.token)
    await api.data('mutation { createToken(name: "script", days: 30) { token } }', token=seller.token)
    async with runtime.database.transaction() as tx:
        await service.add_member(tx.session, seller.person_id, buyer.organization_id, ["VIEWER"])
    database.rows("UPDATE deliveries SET status = 'FAILED' WHERE id = %s RETURNING 1", world.ids["delivery"])
    return world


async def test_no_form_fails_or_writes_what_was_not_meant(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    world = await furnished(api, runtime, database)
    readers = {who: Reader(api, world.people.get(who)) for who in PAGES}
    routes = {
        route.path: compile_path(route.path)[0] for area in AREAS for route in area.routes if "POST" in route.methods
    }
    found: dict[str, Found] = {}
    for who, pages in PAGES.items():
        for page in pages:
            for form in await readers[who].forms(who, page.format(**world.ids)):
                path = next(path for path, pattern in routes.items() if pattern.match(form.action))
                found.setdefault(path, form)
    assert set(routes) == set(found), f"no page shows the forms of {set(routes) - set(found)}"

    rows, sent, complaints = Rows(database), 0, []
    fed: set[tuple[str, frozenset[str]]] = set()
    before = rows.count()
    for path, form in found.items():
        shape = (path.split("/")[1], frozenset(form.fields))
        for case, values in form.hostile(again=shape in fed):
            answer = await readers[form.who].send(form.action, values)
            after = rows.count()
            if complaint := wrong(answer, before, after):
                complaints.append(f"{path}, {case}: {complaint}")
            before, sent = after, sent + 1
        fed.add(shape)
    rows.connection.close()
    for reader in readers.values():
        await reader.http.aclose()
    assert not complaints, "\n".join(complaints)
    assert sent > 500

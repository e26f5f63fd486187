"""Glossaries: what ships with the hub, files in and out, who may write, and what is found afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from hub.i18n import LANGUAGES
from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import actor
from translation.glossary import files, glossary_of, queries, service, shipped
from translation.glossary.errors import GlossaryNotRead, NotAllowedToKeepTerms, TermTaken, TermUnknown
from translation.glossary.files import FileTerm, NotRead, Word, read, write_table, write_tbx
from translation.glossary.models import ANY_LANGUAGE, TermKind, WordStatus

TERMS = [
    FileTerm(
        "advance",
        (
            Word("zh", "预付款", WordStatus.PREFERRED),
            Word("en", "advance", WordStatus.PREFERRED),
            Word("en", "down payment", WordStatus.ADMITTED),
            Word("th", "เงินล่วงหน้า", WordStatus.PREFERRED),
            Word("zh", "预支", WordStatus.FORBIDDEN),
        ),
        domain="money",
        part_of_speech="noun",
        definition="Money paid before it is earned; “recoupable”.",
        definitions={"km": "ប្រាក់ដែលបង់មុនការលក់។", "zh": "销售之前支付的款项。"},
        source_url="https://example.org/terms",
    ),
    FileTerm(
        "liu-sanjie",
        (Word(ANY_LANGUAGE, "刘三姐", WordStatus.PREFERRED),),
        kind=TermKind.DO_NOT_TRANSLATE,
        case_sensitive=True,
    ),
]

MEANING = """query ($query: String, $own: Boolean) {
  glossaryTerms(query: $query, own: $own) { edges { node { key definition meaning { text language } } } }
}"""
SAVE = """mutation ($id: ID, $input: GlossaryTermInput!) {
  saveGlossaryTerm(id: $id, input: $input) { meaning { text language } }
}"""


def bare(terms: list[FileTerm]) -> list[tuple[object, ...]]:
    return [
        (
            one.key,
            set(one.words),
            one.kind,
            one.domain,
            one.part_of_speech,
            one.definition,
            one.definitions or {},
            one.source_url,
        )
        for one in terms
    ]


@pytest.mark.parametrize("content", [write_table(TERMS, "\t"), write_table(TERMS, ","), write_tbx(TERMS, "Test")])
def test_what_is_written_is_read_again(content: bytes) -> None:
    found = read(content)
    assert found.troubles == []
    assert bare(found.terms) == bare(TERMS)


def test_a_table_without_a_place_for_definitions_says_nothing_of_them() -> None:
    [term] = read(b"key\ten\tdefinition\nadvance\tadvance\tMoney.\n").terms
    assert (term.definition, term.definitions) == ("Money.", None)
    [defined] = read("key\ten\tdefinition_km\nadvance\tadvance\t ប្រាក់  \n".encode()).terms
    assert (defined.definition, defined.definitions) == (None, {"km": "ប្រាក់"})


async def test_a_reader_is_told_what_a_term_means_in_their_own_language(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    for language in LANGUAGES:
        asked = {"own": False, "query": "recoupment"}
        found = (await api.data(MEANING, asked, token=writer.token, language=language))["glossaryTerms"]["edges"]
        [term] = [edge["node"] for edge in found if edge["node"]["key"] == "recoupment"]
        said = shipped.definitions()["recoupment"] | {"en": term["definition"]}
        assert term["meaning"] == {"text": said[language], "language": language}
    own = {"key": "own", "words": [{"language": "en", "words": "thing"}], "definition": "东西"}
    for definitions, meaning in (
        (None, {"text": "东西", "language": None}),
        ([{"language": "km", "text": "វត្ថុ"}], {"text": "វត្ថុ", "language": "km"}),
        (None, {"text": "វត្ថុ", "language": "km"}),
        ([], {"text": "东西", "language": None}),
    ):
        [known] = database.rows("SELECT id FROM glossary_terms WHERE key = 'own'") or [(None,)]
        asked = {"id": known[0] and str(known[0]), "input": own | {"definitions": definitions}}
        saved = (await api.data(SAVE, asked, token=writer.token, language="km"))["saveGlossaryTerm"]
        assert saved["meaning"] == meaning
    wrong = own | {"key": "other", "definitions": [{"language": "xx", "text": "?"}]}
    refused = await api.refusal(SAVE, {"id": None, "input": wrong}, token=writer.token)
    assert (refused["code"], refused["field"]) == ("INVALID", "definitions")
    assert database.rows("SELECT count(*) FROM glossary_terms WHERE key = 'other'") == [(0,)]


def test_older_tbx_is_read_too() -> None:
    old = b"""<?xml version="1.0"?><martif type="TBX" xml:lang="en"><text><body><termEntry id="a"><descrip
      type="definition">A share.</descrip><langSet xml:lang="en"><tig><term>royalty</term><termNote
      type="administrativeStatus">preferredTerm-admn-sts</termNote></tig></langSet><langSet xml:lang="zh-Hans"><ntig><termGrp>
      <term>\xe7\x89\x88\xe7\xa8\x8e</term></termGrp></ntig></langSet></termEntry></body></text></martif>"""
    [term] = read(old).terms
    assert {(word.language, word.words) for word in term.words} == {("en", "royalty"), ("zh", "版税")}
    assert term.definition == "A share."


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00bad",
        b"name\tother\n1\t2\n",
        b"<tbx><unclosed></tbx>",
        b"<html/>",
        b'<!DOCTYPE tbx [<!ENTITY a "b">]><tbx type="TBX-Basic"><text>&a;</text></tbx>',
    ],
)
def test_what_is_no_glossary_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(NotRead):
        read(content)


def test_bad_lines_are_named_and_the_others_taken() -> None:
    table = "key,en,zh,kind,forbidden,source_url\na,advance,预付款,,,\na,again,,,,\nb,x,,NAME,,\nc,y,,,th-word,\nd,z,,,,ftp://x\ne,,,,,\n"
    found = read(table.encode())
    assert [term.key for term in found.terms] == ["a"]
    assert [(trouble.line, trouble.column) for trouble in found.troubles] == [
        (4, "kind"),
        (5, "forbidden"),
        (3, "key"),
        (6, "source_url"),
        (7, None),
    ]
    assert all(trouble.message.render(language) for trouble in found.troubles for language in LANGUAGES)
    written = write_table([FileTerm("=HYPERLINK(1)", (Word("en", "+x", WordStatus.PREFERRED),))], "\t").decode()
    assert "'=HYPERLINK(1)" in written
    assert "'+x" in written


def test_the_book_trades_glossary_speaks_ten_languages() -> None:
    found = read(shipped.BOOK_TRADE.read_bytes())
    assert found.troubles == []
    assert len(found.terms) >= 150
    for term in found.terms:
        said = {word.language for word in term.words if word.status is WordStatus.PREFERRED}
        assert said == set(LANGUAGES), term.key
        assert term.definition
        assert term.domain


def test_it_is_loaded_once_corrected_by_the_file_and_left_to_the_operator(database: TestDatabase) -> None:
    count = database.count("glossary_terms")
    assert count == len(read(shipped.BOOK_TRADE.read_bytes()).terms)
    before = database.rows("SELECT max(updated_at) FROM glossary_terms")
    engine = create_engine(database.owner_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        assert shipped.load(connection) == 0
    assert database.rows("SELECT max(updated_at) FROM glossary_terms") == before
    database.rows("UPDATE glossary_terms SET definition = 'x' WHERE key = 'licence' RETURNING 1")
    database.rows("INSERT INTO glossary_terms (key) VALUES ('gone') RETURNING 1")
    with engine.begin() as connection:
        assert shipped.load(connection) == 2
    engine.dispose()
    assert database.rows("SELECT definition = 'x' FROM glossary_terms WHERE key = 'licence'") == [(False,)]
    assert database.count("glossary_terms") == count


async def test_terms_are_kept_and_found(runtime: Runtime, database: TestDatabase) -> None:
    keeper = await actor(runtime, country="CN", language="zh")
    viewer = await actor(runtime, country="CN", language="zh", roles=["VIEWER"], person="lan")
    other = await actor(runtime, "guilin", country="CN", language="zh")
    operator = await actor(runtime, "banmao", kind="OPERATOR", country="CN", language="zh")
    async with runtime.database.transaction(keeper.caller) as tx:
        kept = await service.save(tx.session, keeper.caller, TERMS[1])
        with pytest.raises(TermTaken):
            await service.save(tx.session, keeper.caller, TERMS[1])
        glossary = await glossary_of(tx.session, keeper.organization_id)
        assert [hit.do_not_translate for hit in glossary.terms_in("刘三姐的歌", "zh", "th")] == [True]
    before = database.lines("tokens")
    hub_term = database.rows("SELECT id FROM glossary_terms WHERE organization_id IS NULL LIMIT 1")[0][0]
    refusals = (
        (viewer, kept.id, NotAllowedToKeepTerms),
        (other, kept.id, TermUnknown),
        (other, hub_term, NotAllowedToKeepTerms),
        (operator, kept.id, TermUnknown),
    )
    for caller, term_id, refused in refusals:
        async with runtime.database.transaction(caller.caller) as tx:
            with pytest.raises(refused):
                await service.remove(tx.session, caller.caller, term_id)
            with pytest.raises(refused):
                await service.save(tx.session, caller.caller, TERMS[0], term_id)
    assert database.lines("tokens") == before
    async with runtime.database.transaction(other.caller) as tx:
        glossary = await glossary_of(tx.session, other.organization_id)
        assert not [hit for hit in glossary.terms_in("刘三姐的歌", "zh", "th") if hit.do_not_translate]
    async with runtime.database.transaction(operator.caller) as tx:
        await service.save(tx.session, operator.caller, TERMS[1])
    async with runtime.database.transaction(other.caller) as tx:
        glossary = await glossary_of(tx.session, other.organization_id)
        assert [hit.own for hit in glossary.terms_in("刘三姐的歌", "zh", "th") if hit.do_not_translate] == [False]
    async with runtime.database.transaction(keeper.caller) as tx:
        await service.remove(tx.session, keeper.caller, kept.id)


async def test_an_import_shows_first_and_writes_when_told(api: Api, database: TestDatabase) -> None:
    keeper = await actor(api.runtime, country="CN", language="zh")
    ask = (
        "mutation($file: Upload!, $apply: Boolean!) { importGlossary(file: $file, apply: $apply)"
        " { newCount changedCount sameCount applied new problems { line field message } } }"
    )
    table = files.write_table(TERMS, "\t") + b"bad\tNAME\t\t\t\t\t\t\tx\r\n"
    before = database.counts("glossary_terms", "glossary_words")

    async def give(content: bytes, apply: bool) -> dict[str, object]:
        sent = {"file": ("terms.tsv", content, "text/plain")}
        data = await api.data(ask, {"file": None, "apply": apply}, files=sent, token=keeper.token)
        made: dict[str, object] = data["importGlossary"]
        return made

    shown = await give(table, False)
    assert (shown["newCount"], shown["changedCount"], shown["applied"]) == (2, 0, False)
    assert shown["problems"][0]["field"] == "kind"  # type: ignore[index]
    assert database.counts("glossary_terms", "glossary_words") == before
    assert (await give(table, True))["applied"] is True
    assert (await give(table, False))["sameCount"] == 2
    changed = files.write_table([TERMS[0]], ",").replace("预付款".encode(), "预付金".encode())
    assert (await give(changed, True))["changedCount"] == 1
    found = await api.data(
        'query { glossaryTerms(query: "预付金", own: true) { totalCount edges { node { key editable own words { words } } } }'
        ' book: glossaryTerms(query: "royalt", own: false, first: 2) { totalCount edges { node { editable domain } } }'
        " glossaryFile(format: TBX) { fileName content } glossary { domains editable } }",
        token=keeper.token,
    )
    assert found["glossaryTerms"]["edges"][0]["node"]["key"] == "advance"
    assert found["book"]["totalCount"] >= 1
    assert found["book"]["edges"][0]["node"]["editable"] is False
    assert bare(read(found["glossaryFile"]["content"].encode()).terms)[1] == bare(TERMS)[1]
    assert "money" in found["glossary"]["domains"]


async def test_no_glossary_no_import(runtime: Runtime) -> None:
    keeper = await actor(runtime, country="CN", language="zh")
    async with runtime.database.transaction(keeper.caller) as tx:
        with pytest.raises(GlossaryNotRead):
            await service.take(tx.session, keeper.caller, b"<html/>", apply=True)
        _rows, total = await queries.page(tx.session, keeper.organization_id, queries.Wanted(own=True), None, 5)
        assert total == 0

"""The glossary of the book trade that comes with the hub, loaded by whoever owns the tables, after every migration."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from translation.glossary.files import FileTerm, read
from translation.glossary.models import Term, TermWord

BOOK_TRADE = Path(__file__).with_name("book_trade.tsv")
DEFINITIONS = Path(__file__).with_name("definitions")
"""A file per language: key and definition, a term a line."""


def definitions() -> dict[str, dict[str, str]]:
    """What the terms mean, by key and language; English stands in the table itself."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(DEFINITIONS.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            key, _tab, words = line.partition("\t")
            found.setdefault(key, {})[path.stem] = words
    return found


def load(connection: Connection) -> int:
    """Bring the hub's own terms to what the file says; how many were new or different.

    What the operator has written (a person's name stands at it) is left alone; what the file no longer has goes.
    """
    terms, words = Term.__table__.c, TermWord.__table__.c
    known = {row.key: row for row in connection.execute(select(Term.__table__).where(terms.organization_id.is_(None)))}
    said: dict[object, set[tuple[str, str, str]]] = {}
    for row in connection.execute(
        select(TermWord.__table__).where(words.term_id.in_([row.id for row in known.values()]))
    ):
        said.setdefault(row.term_id, set()).add((row.language, row.words, row.status))
    shipped = read(BOOK_TRADE.read_bytes()).terms
    changed, meanings = 0, definitions()
    for term in shipped:
        old = known.get(term.key)
        if old is not None and old.person_id is not None:
            continue
        columns = _columns(term) | {"definitions": meanings.get(term.key, {})}
        wanted = {(word.language, word.words, word.status.value) for word in term.words}
        if old is None:
            term_id = connection.scalar(insert(Term).values(key=term.key, **columns).returning(terms.id))
        elif said.get(old.id) == wanted and all(getattr(old, name) == value for name, value in columns.items()):
            continue
        else:
            term_id = old.id
            connection.execute(update(Term).where(terms.id == term_id).values(**columns))
            connection.execute(delete(TermWord).where(words.term_id == term_id))
        changed += 1
        connection.execute(
            insert(TermWord),
            [{"term_id": term_id, "language": one, "words": say, "status": status} for one, say, status in wanted],
        )
    gone = [row.id for key, row in known.items() if row.person_id is None and key not in {term.key for term in shipped}]
    connection.execute(delete(Term).where(terms.id.in_(gone)))
    return changed + len(gone)


def _columns(term: FileTerm) -> dict[str, object]:
    return {
        "kind": term.kind.value,
        "domain": term.domain,
        "part_of_speech": term.part_of_speech,
        "definition": term.definition,
        "source_url": term.source_url,
        "case_sensitive": term.case_sensitive,
    }

"""What a file has said before: the first record with an identifier or a likeness is the one that is told of."""

from __future__ import annotations

from catalog.formats.record import Credit, Record, Words
from catalog.identifiers import Identified
from catalog.imports.earlier import Earlier

ISBN = Identified("ISBN", "9787020002207")


def record(reference: str, title: str = "三国演义的世界", notification: str = "03") -> Record:
    found = Record(reference, 1, notification, titles=[Words(title, "zh")], credits=[Credit("罗贯中", "aut")])
    found.identifiers = [ISBN]
    return found


def test_the_first_record_is_the_one_that_is_told_of_and_never_the_record_itself() -> None:
    with Earlier() as earlier:
        assert (earlier.first_with(ISBN), earlier.nearest(record("a"))) == (None, None)
        earlier.add(record("a"))
        assert (earlier.first_with(ISBN), earlier.nearest(record("a"))) == ("a", None)
        earlier.add(record("b"))
        earlier.add(record("a", "水浒传的故事"))
        assert earlier.first_with(ISBN) == "a"
        assert earlier.nearest(record("c")) == ("a", 100)
        assert earlier.nearest(record("a")) is None
        assert earlier.nearest(record("c", "西游记的路途")) is None


def test_what_brings_nothing_is_not_remembered() -> None:
    with Earlier() as earlier:
        for notification in ("05", "08", "88", "89"):
            earlier.add(record(notification, notification=notification))
        assert (earlier.first_with(ISBN), earlier.nearest(record("a"))) == (None, None)

"""Bringing the catalogues in line with the sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from banmao import catalogues
from hub.i18n import LANGUAGES


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Catalogues of their own, with nothing in them yet."""
    source = tmp_path / "hub" / "words.py"
    source.parent.mkdir()
    source.write_text('_("Held")\npgettext("money", "Held")\n', encoding="utf8")
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "POT", tmp_path / "locales" / "messages.pot")
    monkeypatch.setattr(catalogues, "SOURCES", ("hub",))
    catalogues.update()
    return tmp_path


def test_what_nobody_has_translated_is_missing_in_every_language_but_english(empty: Path) -> None:
    assert catalogues.problems() == [
        f"{language}: not translated: {name!r}"
        for language in LANGUAGES
        if language != "en"
        for name in ("Held", "Held (money)")
    ]

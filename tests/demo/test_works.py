from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import banmao.demo
from accounts.models import OrganizationKind, Role
from banmao.demo import covers
from catalog import languages, territories
from catalog.rights import DERIVATIVE_RIGHTS, RIGHTS_BY_KIND, RightType, Scope, covered

FOLDER = Path(banmao.demo.__file__).parent
FILES = sorted((FOLDER / "works").glob("*.toml"))
ORGANIZATIONS = tomllib.loads((FOLDER / "organizations.toml").read_text(encoding="utf-8"))["organizations"]
TEN = ("zh", "en", "vi", "th", "ms", "id", "my", "lo", "fil", "km")
SCRIPTS = {"zh": "CJK UNIFIED", "th": "THAI", "my": "MYANMAR", "lo": "LAO", "km": "KHMER"}
FULL_STOPS = {"zh": "。", "my": "။", "km": "។"}
KEYS = {"slug", "kind", "original_language", "country", "year", "owner", "subjects", "source", "contributors"} | {
    *("titles", "original", "descriptions", "cover", "mandates", "licenses", "holdbacks", "melody")
}
COUNTRIES = {"CN", "BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"}
SCOPE_KEYS = {"rights", "territories", "except_territories", "languages", "start", "end", "exclusive"}
RELATORS = {
    *("adp", "ani", "ann", "arr", "art", "aud", "aui", "aus", "aut", "cmm", "cmp", "cns", "com", "ctb", "drt", "dub"),
    *("edt", "ill", "ivr", "lbt", "lyr", "nrt", "prf", "pro", "trc", "trl"),
}
ROOTS = set("ADFGJKLMNPQRSTUVWXY")
WRITTEN = re.compile(r"TODO|FIXME|XXX|lorem|\.\.\.|…|\?\?|�", re.IGNORECASE)

Table = Mapping[str, Any]


def load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


WORKS = {path.stem: load(path) for path in FILES}
each_work = pytest.mark.parametrize("slug", WORKS)


def scopes(work: Table, table: str) -> list[Scope]:
    return [
        Scope(
            rights=frozenset(RightType(right) for right in entry["rights"]),
            territories=territories.expand(entry["territories"], entry.get("except_territories", ())),
            languages=languages.rights_languages(entry.get("languages")),
            start=entry["start"],
            end=entry.get("end"),
            exclusive=entry["exclusive"],
        )
        for entry in work.get(table, ())
    ]


def words(work: Table) -> Iterator[tuple[str, str, str]]:
    for part in ("titles", "descriptions"):
        for language, text in work[part].items():
            yield part, language, text


def letters_outside(text: str, language: str) -> str:
    """The letters of a text that its language is not written with."""
    script = SCRIPTS.get(language, "LATIN")
    found = (letter for letter in text if unicodedata.category(letter)[0] in "LM")
    return "".join(
        letter for letter in found if script not in unicodedata.name(letter) and letter not in "\u0301\u0300ๆ"
    )


def sentences(text: str, language: str) -> int:
    if language in FULL_STOPS:
        return sum(text.count(stop) for stop in FULL_STOPS[language])
    return len(re.findall(r"[.!?](?=[”’\"')»]*(?: |$))", text))


def test_the_catalogue_has_sixty_works_from_china_and_every_country_of_asean() -> None:
    assert len(WORKS) >= 60
    assert {work["country"] for work in WORKS.values()} == COUNTRIES
    assert {work["kind"] for work in WORKS.values()} == {"BOOK", "COMIC", "MUSIC", "ANIMATION"}


@each_work
def test_a_file_has_the_shape_that_the_readme_gives(slug: str) -> None:
    work = WORKS[slug]
    assert work["slug"] == slug
    assert slug.startswith(work["country"].lower() + "-")
    assert set(work) <= KEYS
    assert {
        "kind",
        "original_language",
        "country",
        "owner",
        "subjects",
        "source",
        "titles",
        "descriptions",
        "cover",
    } <= set(work)
    assert work["kind"] in RIGHTS_BY_KIND
    assert languages.normalise(work["original_language"]) == work["original_language"]
    assert ("original" in work) == (work["original_language"] not in TEN)
    assert -3000 <= work.get("year", 0) <= 1960
    assert ("melody" in work) == (work["kind"] == "MUSIC")
    assert work["source"].strip()
    text = (FOLDER / "works" / f"{slug}.toml").read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\t" not in text


@each_work
def test_contributors_have_a_name_and_a_relator_code(slug: str) -> None:
    for contributor in WORKS[slug].get("contributors", ()):
        assert set(contributor) <= {"name", "name_original", "role"}
        assert not letters_outside(contributor["name"], "en"), contributor["name"]
        assert contributor.get("name_original", "?") != contributor["name"]
        assert contributor["role"] in RELATORS


@each_work
def test_title_and_blurb_are_there_in_all_ten_languages(slug: str) -> None:
    assert set(WORKS[slug]["titles"]) == set(TEN)
    assert set(WORKS[slug]["descriptions"]) == set(TEN)
    for part, language, text in words(WORKS[slug]):
        assert text == text.strip(), (part, language)
        assert not WRITTEN.search(text), (part, language)
        assert "  " not in text, (part, language)


@each_work
def test_every_text_is_in_the_script_of_its_language(slug: str) -> None:
    for part, language, text in words(WORKS[slug]):
        assert not letters_outside(text, language), (part, language, letters_outside(text, language))


@each_work
def test_a_blurb_is_two_sentences_of_a_size_that_pages_can_show(slug: str) -> None:
    for language, text in WORKS[slug]["descriptions"].items():
        if language != "th":  # Thai writes no full stops
            assert sentences(text, language) == 2, (language, text)
        shortest, longest = (40, 160) if language == "zh" else (100, 520)
        assert shortest <= len(text) <= longest, (language, len(text))


@each_work
def test_blurbs_in_different_languages_are_different(slug: str) -> None:
    texts = list(WORKS[slug]["descriptions"].values())
    assert len(set(texts)) == len(TEN)


@each_work
def test_rights_fit_the_kind_and_no_right_is_sold_twice(slug: str) -> None:
    work = WORKS[slug]
    fitting = {*RIGHTS_BY_KIND[work["kind"]], *DERIVATIVE_RIGHTS}
    if work["kind"] == "COMIC":
        fitting |= {RightType.SERIAL, RightType.PRINT, RightType.EBOOK}
    mandates, licenses, holdbacks = (scopes(work, table) for table in ("mandates", "licenses", "holdbacks"))
    assert mandates
    for scope in mandates + licenses + holdbacks:
        assert scope.rights <= fitting
    for mandate, other in combinations(mandates, 2):
        assert not mandate.conflicts(other), "two mandates for the same right"
    for license_ in licenses:
        assert covered(license_, mandates) == [], "licensed what the owner has no mandate for"
    for license_, other in combinations(licenses, 2):
        assert not license_.conflicts(other), "the same right licensed twice"
    for holdback in holdbacks:
        assert any(holdback.intersects(mandate) for mandate in mandates), "a holdback of nothing"


@each_work
def test_rights_tables_say_only_what_the_readme_says(slug: str) -> None:
    for table, own in (("mandates", set()), ("licenses", {"licensee"}), ("holdbacks", {"note"})):
        for entry in WORKS[slug].get(table, ()):
            assert own <= set(entry) <= own | SCOPE_KEYS
            assert all(isinstance(entry.get(key, date.min), date) for key in ("start", "end"))


@each_work
def test_the_owner_is_known_and_may_own_works(slug: str) -> None:
    kinds = {organization["slug"]: organization["kind"] for organization in ORGANIZATIONS}
    assert kinds[WORKS[slug]["owner"]] in {"PUBLISHER", "AGENCY", "LABEL"}


@each_work
def test_the_cover_can_be_drawn_and_its_title_stays_legible(slug: str) -> None:
    svg = covers.draw(WORKS[slug])
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', svg)]
    assert sizes
    assert min(sizes) >= 8.5


@each_work
def test_subjects_look_like_thema_codes(slug: str) -> None:
    subjects = WORKS[slug]["subjects"]
    assert subjects
    assert len(set(subjects)) == len(subjects)
    for subject in subjects:
        assert re.fullmatch(r"[A-Z]{1,6}\d{0,2}", subject), subject
        assert subject[0] in ROOTS, subject


def test_availability_is_interesting() -> None:
    licensed = [slug for slug, work in WORKS.items() if work.get("licenses")]
    assert len(licensed) >= 15
    assert sum(bool(work.get("holdbacks")) for work in WORKS.values()) >= 4
    assert any(not scope.exclusive for work in WORKS.values() for scope in scopes(work, "licenses"))
    assert any(scope.end is None for work in WORKS.values() for scope in scopes(work, "mandates"))
    assert any(scope.languages for work in WORKS.values() for scope in scopes(work, "mandates"))


def test_organizations_are_of_every_kind_and_their_people_can_sign_in() -> None:
    assert {organization["kind"] for organization in ORGANIZATIONS} == {kind.value for kind in OrganizationKind}
    slugs = [organization["slug"] for organization in ORGANIZATIONS]
    assert len(set(slugs)) == len(slugs)
    emails = [person["email"] for organization in ORGANIZATIONS for person in organization["people"]]
    assert len(set(emails)) == len(emails)
    for organization in ORGANIZATIONS:
        assert bool(organization.get("territories")) == (organization["kind"] == "STUDIO")
        assert languages.normalise(organization["language"]) == organization["language"]
        assert any("ADMIN" in person["roles"] for person in organization["people"])
        for person in organization["people"]:
            assert person["email"].endswith(f"@{organization['slug']}.banmao.example")
            assert person["language"] in TEN
            assert set(person["roles"]) <= {role.value for role in Role}


def test_organizations_names_are_in_their_languages_scripts() -> None:
    for organization in ORGANIZATIONS:
        assert set(organization["names"]) <= set(TEN) - {organization["language"]}
        assert "en" in organization["names"] or not letters_outside(organization["name"], "en")
        for language, name in organization["names"].items():
            if organization["kind"] != "PLATFORM":  # a platform's brand stays in Latin letters everywhere
                assert not letters_outside(name, language), name


def test_studios_look_after_viet_nam_malaysia_and_indonesia() -> None:
    looked_after = {code for organization in ORGANIZATIONS for code in organization.get("territories", ())}
    assert {"VN", "MY", "ID"} <= looked_after


def test_the_readme_says_that_sellers_are_fictitious_and_gives_the_password_once() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "fictitious" in readme
    assert readme.count("rights-trade-2026") == 1

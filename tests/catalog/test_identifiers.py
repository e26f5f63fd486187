import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.identifiers import SCHEMES, BadIdentifier, Fault, Identified, identify, recognise


@pytest.mark.parametrize(
    ("scheme", "written", "stored"),
    [
        ("ISBN", "7-02-000220-X", "9787020002207"),
        ("isbn", "978-7-02-000220-7", "9787020002207"),
        ("ISBN", "978 604 956 102 3", "9786049561023"),
        ("ISMN", "M-2306-7118-7", "9790230671187"),
        ("ISMN", "979-0-2306-7118-7", "9790230671187"),
        ("ISRC", "ISRC TH-A12-20-00047", "THA122000047"),
        ("ISRC", "us-s1z-99-00001", "USS1Z9900001"),
        ("ISWC", "T-034.524.680-1", "T0345246801"),
        ("ISAN", "0000-0001-8CFA-0000-I-0000-0000-K", "000000018CFA0000I00000000K"),
        ("ISAN", "0000-0001-8CFA-0000", "000000018CFA0000I"),
        ("EIDR", "https://doi.org/10.5240/7791-8534-2c23-9030-8610-5", "10.5240/7791-8534-2C23-9030-8610-5"),
        ("GTIN", "036000291452", "0036000291452"),
        ("GTIN", "4006381333931", "4006381333931"),
        ("DOI", "https://doi.org/10.1000/ABC.1", "10.1000/abc.1"),
    ],
)
def test_stored_form(scheme: str, written: str, stored: str) -> None:
    assert identify(scheme, written) == Identified(scheme.upper(), stored)
    assert identify(scheme, stored) == Identified(scheme.upper(), stored)


@pytest.mark.parametrize(
    ("scheme", "written", "fault"),
    [
        ("ISBN", "9787020002208", Fault.CHECK_DIGIT),
        ("ISBN", "978702000220", Fault.LENGTH),
        ("ISBN", "97870200O2207", Fault.CHARACTERS),
        ("ISBN", "4006381333931", Fault.PREFIX),
        ("ISBN", "   ", Fault.LENGTH),
        ("ISBN", "9" * 5000, Fault.LENGTH),
        ("ISMN", "9790230671186", Fault.CHECK_DIGIT),
        ("ISRC", "HELLO", Fault.LENGTH),
        ("ISRC", "1SRC12000047", Fault.CHARACTERS),
        ("ISWC", "T-034.524.680-2", Fault.CHECK_DIGIT),
        ("ISAN", "0000-0001-8CFA-0000-A-0000-0000-K", Fault.CHECK_DIGIT),
        ("GTIN", "1", Fault.LENGTH),
        ("GTIN", "036000291453", Fault.CHECK_DIGIT),
        ("DOI", "doi:abc", Fault.CHARACTERS),
        ("BARCODE", "1", Fault.SCHEME),
    ],
)
def test_what_cannot_be_one_is_refused_with_the_reason(scheme: str, written: str, fault: Fault) -> None:
    with pytest.raises(BadIdentifier) as refused:
        identify(scheme, written)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("scheme", "written", "doubt"),
    [
        ("EIDR", "10.5240/7791-8534-2C23-9030-8610-6", Fault.CHECK_DIGIT),
        ("EIDR", "10.5240/SOMETHING", Fault.CHARACTERS),
        ("ISRC", "AA-6Q7-20-00047", Fault.PREFIX),
    ],
)
def test_what_may_be_one_is_kept_with_a_doubt(scheme: str, written: str, doubt: Fault) -> None:
    assert identify(scheme, written).doubt is doubt


@given(st.sampled_from(SCHEMES), st.text(max_size=40))
def test_nothing_but_a_coded_refusal_comes_of_any_text(scheme: str, text: str) -> None:
    try:
        identified = identify(scheme, text)
    except BadIdentifier:
        return
    assert identify(scheme, identified.value).value == identified.value


def test_a_typed_code_is_recognised() -> None:
    assert Identified("ISBN", "9787020002207") in recognise("978-7-02-000220-7")
    assert recognise("红楼梦") == []

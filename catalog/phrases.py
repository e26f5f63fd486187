"""Facts of the catalogue said in a reader's language: reviewed templates filled with CLDR names, never a machine's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from catalog import languages as tags
from catalog.rights import RightType, Scope
from catalog.territories import fold
from hub.formats import Day, Listing, Territory, language_name, last_day
from hub.i18n import Message, Renderable, _, ngettext
from hub.vocabulary import RIGHTS

ROLE_ALIASES = {"ani": "anm"}

MARC_RELATORS = frozenset(
    """
    abr acp act adi adp aft anc anl anm ann ant ape apl app aqt arc ard arr art asg asn ato att auc aud aue aui aup aus
    aut bdd bjd bka bkd bkp blw bnd bpd brd brl bsl cad cas ccp chr cli cll clr clt cmm cmp cmt cnd cng cns coe col com
    con cop cor cos cot cou cov cpc cpe cph cpl cpt cre crp crr crt csl csp cst ctb cte ctg ctr cts ctt cur cwt dbd dbp
    dfd dfe dft dgc dgg dgs dis djo dln dnc dnr dpc dpt drm drt dsr dst dtc dte dtm dto dub edc edd edm edt egr elg elt
    eng enj etr evp exp fac fds fld flm fmd fmk fmo fmp fnd fon fpy frg gdv gis grt his hnr hst ill ilu ink ins inv isb
    itr ive ivr jud jug lbr lbt ldr led lee lel len let lgd lie lil lit lsa lse lso ltg ltr lyr mcp mdc med mfp mfr mka
    mod mon mrb mrk msd mte mtk mup mus mxe nan nrt onp opn org orm osp oth own pad pan pat pbd pbl pdr pfr pht plt pma
    pmn pnc pop ppm ppt pra prc prd pre prf prg prm prn pro prp prs prt prv pta pte ptf pth ptt pup rap rbr rcd rce rcp
    rdd red ren res rev rpc rps rpt rpy rse rsg rsp rsr rst rth rtm rxa sad sce scl scr sde sds sec sfx sgd sgn sht sll
    sng spk spn spy srv std stg stl stm stn str swd tad tau tcd tch ths tld tlg tlh tlp trc trl tyd tyg uvp vac vdg vfx
    voc wac wal wam wat waw wdc wde wfs wft wfw win wit wpr wst wts
    """.split()  # noqa: SIM905
)
"""The MARC code list for relators (Library of Congress), 2025."""

GROUPS: dict[str, Message] = {
    "WORLD": _("the whole world"),
    "ASEAN": _("ASEAN"),
    "EU": _("the European Union"),
    "EUROZONE": _("the euro area"),
    "LATAM": _("Latin America and the Caribbean"),
    "AFRICA": _("Africa"),
    "ASIA": _("Asia"),
    "EAST_ASIA": _("East Asia"),
    "SOUTH_ASIA": _("South Asia"),
    "CENTRAL_ASIA": _("Central Asia"),
    "EUROPE": _("Europe"),
    "MIDDLE_EAST": _("the Middle East"),
    "NORTH_AMERICA": _("Northern America"),
    "OCEANIA": _("Oceania"),
}

_LONGEST = 12
"""Names that a sentence spells out before it counts the rest; the exact lists stand beside it as data."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that says its own name in the reader's; `within` a sentence or by itself."""

    tag: str
    within: bool = False

    def render(self, language: str) -> str:
        return language_name(self.tag, language, within=self.within)


def _listed(items: list[Renderable]) -> Renderable:
    if len(items) <= _LONGEST:
        return Listing(tuple(items))
    rest = len(items) - _LONGEST + 1
    more = ngettext("%(count)s more", "%(count)s more", rest)
    return Listing((*items[: _LONGEST - 1], more))


def rights(kinds: Iterable[RightType]) -> Renderable:
    """“Print and E-book”, in the order of the contract."""
    wanted = set(kinds)
    return Listing(tuple(RIGHTS[kind] for kind in RightType if kind in wanted))


def territories(codes: frozenset[str]) -> Renderable:
    """“ASEAN except Thailand”, “ASEAN (except Thailand) and Japan”: the names that `fold` finds."""
    names: list[Renderable] = []
    folded = fold(codes)
    for name, missing in folded:
        named: Renderable = GROUPS[name] if name in GROUPS else Territory(name)
        if missing:
            left_out = Listing(tuple(Territory(code) for code in sorted(missing)))
            if len(folded) == 1:
                named = _("%(group)s except %(territories)s", group=named, territories=left_out)
            else:
                named = _("%(group)s (except %(territories)s)", group=named, territories=left_out)
        names.append(named)
    return _listed(names)


def languages(scope_languages: frozenset[str] | None) -> Renderable:
    """“Thai and Vietnamese”, “every language”, “every language except Thai”."""
    if scope_languages is None:
        return _("every language")
    missing = tags.RIGHTS_LANGUAGES - scope_languages
    if len(missing) <= _LONGEST:
        return _("every language except %(languages)s", languages=_languages(missing))
    return _languages(scope_languages)


def _languages(scope_languages: frozenset[str]) -> Renderable:
    return _listed([Language(tag, within=True) for tag in tags.shown(scope_languages) or []])


def period(start: date, end: date | None) -> Renderable:
    """`end` is the first day after the period; what is said is its last day."""
    if end is None:
        return _("from %(start)s without end", start=Day(start))
    return _("from %(start)s to %(last)s", start=Day(start), last=Day(last_day(end)))


def scope(scoped: Scope) -> Message:
    """One sentence: exclusive or not, rights, languages, territories, period."""
    if scoped.exclusive:
        return _("Exclusive: %(rights)s in %(languages)s, %(territories)s, %(period)s.", **_facts(scoped))
    return _("Not exclusive: %(rights)s in %(languages)s, %(territories)s, %(period)s.", **_facts(scoped))


def held_back(scoped: Scope) -> Message:
    """The same of a holdback, which keeps rights from everybody and so is neither exclusive nor not."""
    return _("%(rights)s in %(languages)s, %(territories)s, %(period)s.", **_facts(scoped))


def _facts(scoped: Scope) -> dict[str, Renderable]:
    return {
        "rights": rights(scoped.rights),
        "territories": territories(scoped.territories),
        "languages": languages(scoped.languages),
        "period": period(scoped.start, scoped.end),
    }

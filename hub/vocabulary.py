"""The trade's words for values of the contract that contracts, answers and pages all say: one table for every door."""

from __future__ import annotations

from collections.abc import Mapping

from hub.i18n import Message, _

RIGHTS: Mapping[str, Message] = {
    "PRINT": _("Print"),
    "LARGE_PRINT": _("Large print"),
    "EBOOK": _("E-book"),
    "AUDIOBOOK": _("Audiobook"),
    "SERIAL": _("Serialization"),
    "COMIC_PRINT": _("Printed comic"),
    "COMIC_DIGITAL": _("Digital comic"),
    "MOTION_COMIC": _("Motion comic"),
    "STREAMING": _("Music streaming"),
    "DOWNLOAD": _("Music download"),
    "PHYSICAL": _("CD and vinyl"),
    "SYNCHRONIZATION": _("Synchronization"),
    "PUBLIC_PERFORMANCE": _("Public performance"),
    "MECHANICAL": _("Mechanical reproduction"),
    "THEATRICAL": _("Cinema"),
    "FREE_TV": _("Free television"),
    "PAY_TV": _("Pay television"),
    "PAY_PER_VIEW": _("Pay-per-view"),
    "SVOD": _("Subscription video (SVOD)"),
    "AVOD": _("Video with advertising (AVOD)"),
    "FVOD": _("Free video (FVOD)"),
    "NVOD": _("Near video on demand (NVOD)"),
    "EST": _("Video purchase (EST)"),
    "VIDEO": _("DVD and Blu-ray"),
    "RENTAL": _("Video rental"),
    "THROUGH": _("Video sell-through"),
    "INFLIGHT": _("In-flight"),
    "SHIPS": _("Ships"),
    "HOTELS": _("Hotels"),
    "EDUCATIONAL": _("Schools and libraries"),
    "FILM_ADAPTATION": _("Film adaptation"),
    "TV_ADAPTATION": _("Television adaptation"),
    "ANIMATION_ADAPTATION": _("Animated adaptation"),
    "COMIC_ADAPTATION": _("Comic adaptation"),
    "STAGE_ADAPTATION": _("Stage adaptation"),
    "GAME_ADAPTATION": _("Game adaptation"),
    "MERCHANDISING": _("Merchandising"),
}
"""Names of the contract's `RightType`, in its order. THROUGH is sell-through, the sale of discs; that of files is EST."""

KINDS: Mapping[str, Message] = {
    "BOOK": _("Book"),
    "COMIC": _("Comic"),
    "MUSIC": _("Music"),
    "ANIMATION": _("Animation"),
}
"""Names of the contract's `WorkKind`."""

STATES: Mapping[str, Message] = {
    "DRAFT": _("Draft"),
    "PUBLISHED": _("Published"),
    "WITHDRAWN": _("Withdrawn"),
}
"""Of a listed work."""
STANDINGS: Mapping[str, Message] = {
    "FREE": _("Free"),
    "PART": _("Partly free"),
    "HELD": _("Held"),
    "SOLD": _("Sold"),
    "NONE": _("Not offered"),
}
"""How a work or a right stands in a territory."""

ROLES: Mapping[str, Message] = {
    "abr": _("Abridger"),
    "act": _("Actor"),
    "adp": _("Adapter"),
    "aft": _("Author of the afterword"),
    "anm": _("Animator"),
    "ann": _("Annotator"),
    "ant": _("Author of the original"),
    "arr": _("Arranger"),
    "art": _("Artist"),
    "aus": _("Screenwriter"),
    "aut": _("Author"),
    "bkd": _("Book designer"),
    "ccp": _("Author of the idea"),
    "chr": _("Choreographer"),
    "clr": _("Colourist"),
    "cmm": _("Commentator"),
    "cmp": _("Composer"),
    "cnd": _("Conductor"),
    "cng": _("Cinematographer"),
    "com": _("Compiler"),
    "cov": _("Cover designer"),
    "cre": _("Creator"),
    "ctb": _("Contributor"),
    "ctg": _("Cartographer"),
    "cur": _("Curator"),
    "dnc": _("Dancer"),
    "drt": _("Director"),
    "dsr": _("Designer"),
    "dst": _("Distributor"),
    "edt": _("Editor"),
    "flm": _("Film editor"),
    "ill": _("Illustrator"),
    "itr": _("Instrumentalist"),
    "ive": _("Interviewee"),
    "ivr": _("Interviewer"),
    "lbt": _("Librettist"),
    "lyr": _("Lyricist"),
    "mus": _("Musician"),
    "nrt": _("Narrator"),
    "pbl": _("Publisher"),
    "pht": _("Photographer"),
    "pre": _("Presenter"),
    "prf": _("Performer"),
    "prg": _("Programmer"),
    "pro": _("Producer"),
    "res": _("Researcher"),
    "sng": _("Singer"),
    "spk": _("Speaker"),
    "trc": _("Transcriber"),
    "trl": _("Translator"),
    "wac": _("Author of the commentary"),
    "wfw": _("Author of the foreword"),
    "win": _("Author of the introduction"),
    "wpr": _("Author of the preface"),
}
"""Names of the MARC relator codes that the trade meets; the others are shown as “Contributor”."""


def role(code: str) -> Message:
    """A MARC relator, or the plain “Contributor” for one that has no name here."""
    return ROLES.get(code, ROLES["ctb"])

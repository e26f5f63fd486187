"""What can go wrong in translation. That no engine knows a pair of languages is a state, and is not among them."""

from __future__ import annotations

from hub.errors import Conflict, Invalid, NotFound, Unavailable
from hub.i18n import _


class TextUnknown(NotFound):
    default = _("This text does not exist, or it is not open to you.")


class NotAPackage(Invalid):
    """Raised with `file`."""

    default = _("This file is not a translation package that the hub can run. Fetch it again, or choose another.")


class PackageDamaged(Conflict):
    """A package's bytes are not those that were installed. Raised with `file`."""

    default = _("A translation package has changed since it was installed, and is not used. Install it again.")


class PackageUnknown(NotFound):
    """The public index has no package for a language. Raised with `language`."""

    default = _("No translation package is offered for this language.")


class IndexUnreachable(Unavailable):
    """Raised with `address`."""

    default = _(
        "The index of translation packages cannot be reached. Check the network, or install a package from a file."
    )


class EngineUnknown(Invalid):
    """BANMAO_TRANSLATION_ENGINES names an engine that there is not. Raised with `name` and `known`."""

    default = _("BANMAO_TRANSLATION_ENGINES names an engine that the hub does not have.")


class EngineUnreachable(Unavailable):
    """A translation server does not answer. Raised with `address`, as are those below."""

    default = _("The translation server does not answer. The drafts are made as soon as it does.")


class EngineResting(EngineUnreachable):
    """Raised with `seconds`, too."""

    default = _("The translation server has failed or is busy, and is left alone for a while.")


class EngineKeyRefused(EngineUnreachable):
    default = _("The translation server does not accept the hub's key. Correct BANMAO_LIBRETRANSLATE_KEY.")


class EngineAnswersWrongly(EngineUnreachable):
    default = _("The translation server answers something else than a translation. Check its address.")


class EngineRefused(Invalid):
    default = _("The translation server does not take this text.")


class TextChanged(Conflict):
    """Raised with `version` and `words` of the original as it is now."""

    default = _("The original has changed since you opened it. Look at what is new, then approve again.")


class ReviewedMeanwhile(Conflict):
    """Raised with the approved `words`, and `at` which time."""

    default = _("Somebody else has approved other words meanwhile. Compare both, then approve again.")


class NothingToApprove(Conflict):
    default = _("There are no words to approve here yet.")


class ReasonWanted(Invalid):
    """Raised with `checks`, the ids of those that warn."""

    default = _("A check warns about these words. Correct them, or say why they are right all the same.")


class BatchUnknown(NotFound):
    default = _("This batch does not exist, or it is not open to you.")


class BatchOver(Conflict):
    default = _("This batch has ended. Start a new one for what is left.")


class NothingToTranslate(Invalid):
    default = _("Nothing of this list is left to translate into these languages.")

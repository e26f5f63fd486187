"""What can go wrong in distribution.

Invalid   ├── InvalidIsrc           not twelve characters of ISO 3901
          ├── ImportOnlyIsrc        a prefix whose agency assigns the final code itself
          ├── SplitsDoNotAddUp      shares that are not exactly one whole
          ├── PeriodNotOver         a period closes when its last day has passed
          ├── NotAudio, NotAnImage  an upload that is something else
          ├── NothingToPublish      a release with problems that stop a delivery
          └── NothingToTakeDown     a release that is nowhere
Conflict  ├── NoIsrcLeft            no allocated range covers this year, or it is used up
          ├── IsrcTaken             the code belongs to another recording
          ├── RangeTaken            a code range that overlaps another
          ├── AlreadyOnRelease      the recording is on this release
          ├── AlreadySent           a release that has gone out keeps its tracks
          ├── PeriodAlreadyClosed   a period is closed once
          └── StillChecking         a report of the period is on its way into the books
NotCleared                          the label does not hold the rights where the release would go
"""

from __future__ import annotations

from hub.errors import Conflict, HubError, Invalid
from hub.i18n import _


class InvalidIsrc(Invalid):
    default = _(
        "An ISRC has twelve characters: two letters, three letters or digits, two digits for the year and five digits. "
        "Correct it or leave it empty to have one assigned."
    )


class ImportOnlyIsrc(Invalid):
    default = _(
        "The agency of this prefix assigns every code itself. Ask it for the code and enter it with the recording."
    )


class SplitsDoNotAddUp(Invalid):
    default = _("The shares of a track must add up to exactly 1. Correct the shares.")


class PeriodNotOver(Invalid):
    default = _("This period is not over yet. Close it when its last day has passed.")


class NotAudio(Invalid):
    default = _("This file is not audio that can be delivered. Send WAV or FLAC.")


class NotAnImage(Invalid):
    default = _("This file is not a picture that can be delivered. Send JPEG or PNG.")


class NothingToPublish(Invalid):
    default = _("The release is not ready to be published. Settle its problems first.")


class NothingToTakeDown(Invalid):
    default = _("This release is on none of these platforms, so there is nothing to take down.")


class NoIsrcLeft(Conflict):
    default = _("No ISRC can be assigned this year. Ask your operator to enter the next allocated range.")


class IsrcTaken(Conflict):
    default = _("This ISRC already belongs to another recording. One code names one recording for life.")


class RangeTaken(Conflict):
    default = _("This range overlaps one that has been entered already. Check the numbers with the agency.")


class AlreadyOnRelease(Conflict):
    default = _("This recording is already on this release. Choose another sound file.")


class AlreadySent(Conflict):
    default = _("This release has already been sent, so its tracks stay as they are. Make a new release instead.")


class PeriodAlreadyClosed(Conflict):
    default = _("This period is already closed.")


class StillChecking(Conflict):
    default = _("A sales report is still being checked. Close the period when it is booked.")


class NotCleared(HubError):
    code = "NOT_CLEARED"
    status = 409
    default = _("Your organization does not hold the rights for the places where this release would be sold.")

"""What can go wrong with accounts."""

from __future__ import annotations

from hub.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from hub.i18n import _


class WrongPassword(Unauthenticated):
    default = _("The e-mail address or the password is wrong. Check both and try again.")


class NotAMember(Unauthenticated):
    default = _("You do not act for this organization. Sign in with one of your own.")


class TokenNotEnough(Forbidden):
    default = _("A token is not enough for this. Sign in with your password.")


class PasswordTooShort(Invalid):
    default = _("At least 12 characters.")


class AlreadyAMember(Conflict):
    default = _("This person already acts for your organization.")


class AlreadyInvited(Conflict):
    default = _("This address has an open invitation. Withdraw it before you send another.")


class InvitationGone(NotFound):
    default = _("This invitation was used, withdrawn or is out of date. Ask for a new one.")


class LastAdministrator(Conflict):
    default = _("An organization needs an administrator. Give somebody else that role first.")

"""What can go wrong in the marketplace."""

from __future__ import annotations

from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.i18n import _


class RightsTaken(Conflict):
    """The scope would be sold twice. The message says what may be asked for instead, and of whom."""

    code = "RIGHTS_TAKEN"


class NotAvailable(Conflict):
    """The scope is not the seller's to give, or is kept from sale."""

    code = "NOT_AVAILABLE"


class NegotiationUnknown(NotFound):
    default = _("There is no such negotiation, or you are not a party to it.")


class ContractUnknown(NotFound):
    default = _("There is no such contract, or you are not a party to it.")


class OwnWork(Forbidden):
    default = _("This work is your own: you cannot make an offer for it.")


class NotListed(Conflict):
    default = _("This work is not on offer just now.")


class MayNotNegotiate(Forbidden):
    default = _("Your role does not allow offers and messages. Ask an administrator for the rights role.")


class MayNotSign(Forbidden):
    default = _("Your role does not allow signing. Ask a signatory of your organization.")


class NotOpen(Conflict):
    default = _("This negotiation has ended; nothing in it can be changed. Make a new offer for the work.")


class NewerVersion(Conflict):
    default = _("There is a newer version of the terms. Read it before you answer.")


class OwnOffer(Conflict):
    default = _("These terms are your own: the other side accepts them.")


class OfferExpired(Conflict):
    default = _("This offer has run out. Make a new one.")


class ExpiryPast(Invalid):
    default = _("The offer would run out before it arrives. Choose a later time.")


class ExpiryFar(Invalid):
    default = _("An offer stands for a year at most. Choose an earlier time.")


class AlreadySigned(Conflict):
    default = _("Your organization has signed this contract already.")


class NotToBeSigned(Conflict):
    default = _("This contract is not waiting for signatures.")


class DocumentChanged(Conflict):
    default = _("The document is not the one that was agreed. Nothing was signed; tell the operator of the hub.")

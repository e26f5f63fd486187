"""Why a delivery is refused: a code of the platforms' own, the nearest DDEX status, where it is and a sentence."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """One reason. ``path`` is an XPath into the message, or a file's path inside the delivery."""

    code: str
    path: str
    sentence: str

    @property
    def status(self) -> str:
        """The nearest value of the allowed-value set ErncFileStatus."""
        return STATUS[self.code]


STATUS: dict[str, str] = {
    "XML_MISSING": "ErnMissing",
    "XML_INCOMPLETE": "NewReleaseMessageInvalid",
    "XML_MALFORMED": "NewReleaseMessageInvalid",
    "XML_HOSTILE": "NewReleaseMessageInvalid",
    "XML_TOO_LARGE": "NewReleaseMessageInvalid",
    "NAMESPACE": "NewReleaseMessageInvalid",
    "SCHEMA": "NewReleaseMessageInvalid",
    "INTERNAL": "InternalError",
    "FOLDER_NAME": "UserDefined",
    "MANIFEST": "UserDefined",
    "TOO_MANY_FILES": "UserDefined",
    "FILE_MISSING": "ResourceMissing",
    "FILE_HASH": "SignatureOrHashSumWrongOrMissing",
    "FILE_NAME": "UserDefined",
    "FILE_TOO_LARGE": "ResourceNotMeetingSpecifications",
    "HASH_MISSING": "SignatureOrHashSumWrongOrMissing",
    "HASH_ALGORITHM": "SignatureOrHashSumWrongOrMissing",
    "MESSAGE_ID": "MetadataMissing",
    "MESSAGE_ID_REUSED": "IdentifierInvalid",
    "MESSAGE_DATE": "MetadataMissing",
    "SENDER_UNKNOWN": "UserDefined",
    "RECIPIENT_WRONG": "UserDefined",
    "SUPERSEDED": "UserDefined",
    "METADATA_MISSING": "MetadataMissing",
    "LANGUAGE_CODE": "MetadataMissing",
    "RESOURCE_KIND": "UnsupportedUsage",
    "REFERENCE_UNKNOWN": "NewReleaseMessageInvalid",
    "REFERENCE_DUPLICATE": "NewReleaseMessageInvalid",
    "TRACK_RELEASE_MISSING": "NewReleaseMessageInvalid",
    "TRACK_RELEASE_EXTRA": "NewReleaseMessageInvalid",
    "RELEASE_ID_MISSING": "MetadataMissing",
    "RELEASE_ID_FOLDER": "IdentifierInvalid",
    "RELEASE_ID_CONFLICT": "IdentifierInvalid",
    "RELEASE_UNKNOWN": "IdentifierInvalid",
    "RELEASE_OTHER_SENDER": "IdentifierInvalid",
    "ICPN_CHECK": "IdentifierSyntaxInvalid",
    "GRID_CHECK": "IdentifierSyntaxInvalid",
    "ISRC_MISSING": "MetadataMissing",
    "ISRC_SYNTAX": "IdentifierSyntaxInvalid",
    "ISRC_DUPLICATE": "IdentifierInvalid",
    "ISRC_OTHER_RECORDING": "IdentifierInvalid",
    "PLINE_MISSING": "MetadataMissing",
    "CLINE_MISSING": "MetadataMissing",
    "LINE_YEAR": "MetadataMissing",
    "DURATION_SYNTAX": "MetadataMissing",
    "AUDIO_MISSING": "ResourceMissing",
    "AUDIO_FORMAT": "ResourceNotMeetingSpecifications",
    "AUDIO_UNDECODABLE": "ResourceCorrupt",
    "AUDIO_DURATION": "ResourceNotMeetingSpecifications",
    "AUDIO_SILENT": "ResourceNotMeetingSpecifications",
    "COVER_MISSING": "ResourceMissing",
    "COVER_FORMAT": "ResourceNotMeetingSpecifications",
    "COVER_UNDECODABLE": "ResourceCorrupt",
    "COVER_SIZE": "ResourceNotMeetingSpecifications",
    "TERRITORY_CODE": "UnsupportedUsage",
    "DEAL_TERRITORY": "UnsupportedUsage",
    "DEAL_TERMS": "UnsupportedUsage",
    "DEAL_DATES": "CommercialReleaseDateInvalid",
}

TRANSPORT = frozenset({"XML_MISSING", "XML_INCOMPLETE", "XML_MALFORMED", "FILE_MISSING", "FILE_HASH", "INTERNAL"})
"""What only says that the delivery did not arrive whole: the message itself may be delivered again."""

"""What goes out as a file, and in which forms (issue 6 point 9)."""

import enum


class Format(enum.StrEnum):
    CSV = "csv"
    EDIFACT = "edi"
    FLAT = "txt"
    """The trade's flat order file; needs both GLN."""

    @property
    def label(self) -> str:
        return _FORMATS[self]

    @property
    def mimetype(self) -> str:
        return _MIMETYPES[self]


_FORMATS = {Format.CSV: "CSV", Format.EDIFACT: "EDIFACT", Format.FLAT: "Texte plat Dilicom"}
_MIMETYPES = {
    Format.CSV: "text/csv",
    Format.EDIFACT: "application/EDIFACT",
    Format.FLAT: "text/plain",
}


class Kind(enum.StrEnum):
    """What a file tells, and with which mail it may come."""

    ORDER = "order"
    RESPONSE = "response"
    SHIPMENT = "shipment"
    DOCUMENT = "document"

    @property
    def label(self) -> str:
        return _KINDS[self][0]

    @property
    def message(self) -> str:
        """Its EDIFACT message."""
        return _KINDS[self][1]

    @property
    def formats(self) -> tuple[Format, ...]:
        return _KINDS[self][2]


_BOTH = (Format.CSV, Format.EDIFACT)
_KINDS: dict[Kind, tuple[str, str, tuple[Format, ...]]] = {
    Kind.ORDER: ("Commande enregistrée", "ORDERS", (*_BOTH, Format.FLAT)),
    Kind.RESPONSE: ("Réponse à la commande, à sa validation", "ORDRSP", _BOTH),
    Kind.SHIPMENT: ("Départ de colis", "DESADV", _BOTH),
    Kind.DOCUMENT: ("Facture ou avoir", "INVOIC", _BOTH),
}


def label(kind: Kind, form: Format) -> str:
    """« EDIFACT ORDERS », « CSV »"""
    return f"{form.label} {kind.message}" if form is Format.EDIFACT else form.label

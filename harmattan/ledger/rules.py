"""Why accounting credits an invoice by hand (R82; domain.md §4)."""

import enum


class CreditReason(enum.StrEnum):
    """What a return or a delivery does not already explain."""

    DISCOUNT = "remise"
    PRICE = "prix"
    DAMAGED = "abimes"
    MISSING = "manquants"
    RETURNED = "retour"
    CARRIAGE = "port"
    GESTURE = "geste"
    OTHER = "autre"

    @property
    def label(self) -> str:
        return _REASONS[self]

    def told(self, detail: str) -> str:
        """What the credit note states: « Remise oubliée ou mal appliquée : 40 % pour le salon »."""
        if self is CreditReason.OTHER:
            return detail
        return f"{self.label} : {detail}" if detail else self.label


_REASONS = {
    CreditReason.DISCOUNT: "Remise oubliée ou mal appliquée",
    CreditReason.PRICE: "Erreur de prix",
    CreditReason.DAMAGED: "Exemplaires abîmés à l’arrivée",
    CreditReason.MISSING: "Exemplaires facturés et non livrés",
    CreditReason.RETURNED: "Retour reçu sans bon",
    CreditReason.CARRIAGE: "Frais de port facturés à tort",
    CreditReason.GESTURE: "Geste commercial",
    CreditReason.OTHER: "Autre motif",
}

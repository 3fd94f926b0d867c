"""What only the owner of the house can say, invented: identifiers, bank, register."""

LEGAL_FACTS = {
    "legal_form": "SARL",
    "capital": "100 000 €",
    "siren": "999123458",
    "rcs": "RCS Paris 999 123 458",
    "vat_number": "FR61999123458",
    "gln": "3025999000005",
    "iban": "FR7630006000011234567890189",
    "bic": "AGRIFRPPXXX",
    "bank_name": "Banque de la démonstration",
    "national_issuer_number": "123456",
}

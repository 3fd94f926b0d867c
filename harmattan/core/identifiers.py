"""What identifies a shop and its bank: SIRET, VAT number, GLN, IBAN as people type them (domain.md §1)."""

import importlib
import re

from stdnum import ean
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret
from stdnum.fr import tva as stdnum_tva

SIREN_LENGTH, SIRET_LENGTH, FRENCH_IBAN_LENGTH = 9, 14, 27

_SEPARATORS = re.compile(r"[\s.\-‐‑‒–—]+")

_VAT_SHAPE = "Saisissez le numéro de TVA : FR, puis 11 caractères, par exemple FR44 732829320"
_VAT_KEY = "Pour le numéro de TVA, vérifiez les 11 caractères après FR : la clé ne correspond pas"
_IBAN_SHAPE = "Saisissez l’IBAN du RIB : deux lettres, puis chiffres et lettres, par exemple FR76 3000…"
_IBAN_FAULTS = {
    "InvalidBBANChecksum": "Pour l’IBAN, vérifiez la fin du RIB : sa clé (2 chiffres) ne correspond pas",
    "InvalidChecksumDigits": "Pour l’IBAN, vérifiez les {length} caractères : la clé ne correspond pas",
    "InvalidLength": "Vérifiez la longueur de l’IBAN : 27 caractères en France, et non {length}",
}
"""By the name of schwifty's exception."""


class Misread(ValueError):
    """The text is no such number; the message says in French what to check."""


def compact(text: str) -> str:
    """The text without the separators people put into numbers, in capitals."""
    return _SEPARATORS.sub("", text).upper()


def siren(text: str) -> str:
    """The 9 digits of a SIREN. Raises `Misread`."""
    digits = _digits(text, "SIREN", SIREN_LENGTH)
    if not stdnum_siren.is_valid(digits):
        raise Misread("Pour le SIREN, vérifiez les 9 chiffres : la clé ne correspond pas")
    return digits


def siret(text: str) -> str:
    """The 14 digits of a SIRET; La Poste has a check of its own. Raises `Misread`."""
    digits = _digits(text, "SIRET", SIRET_LENGTH)
    if not stdnum_siret.is_valid(digits):
        raise Misread("Pour le SIRET, vérifiez les 14 chiffres : la clé ne correspond pas")
    return digits


def siren_of(siret: str) -> str:
    """The firm that an establishment belongs to."""
    return siret[:SIREN_LENGTH]


def grouped_siret(siret: str) -> str:
    """As it is printed: 812 345 676 00017."""
    return " ".join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def vat_number(text: str, siret: str = "") -> str:
    """A French VAT number with its FR; with a SIRET it must be of the same firm. Raises `Misread`."""
    try:
        number = stdnum_tva.validate(compact(text))
    except InvalidChecksum:
        raise Misread(_VAT_KEY) from None
    except ValidationError:
        raise Misread(_VAT_SHAPE) from None
    if siret and number[2:] != siren_of(siret):
        raise Misread(
            "Vérifiez le numéro de TVA : ses 9 derniers chiffres sont les 9 premiers du SIRET, "
            f"{siren_of(siret)}, et non {number[2:]}"
        )
    return f"FR{number}"


def gln_doubt(text: str) -> str:
    """Why a GLN looks miscopied, or nothing; some in use have a wrong check digit, so nobody is refused."""
    digits = compact(text)
    if not digits:
        return ""
    if not _is_number(digits, 13):
        return f"un GLN compte 13 chiffres{_count(digits, 13)}"
    if digits.startswith(("978", "979")):
        return "ces chiffres sont ceux d’un ISBN"
    return "" if ean.is_valid(digits) else "sa clé, le dernier chiffre, ne correspond pas"


def iban(text: str) -> str:
    """An IBAN whose own key and national key (of a French one, the RIB's) are right. Raises `Misread`."""
    typed = compact(text)
    schwifty = importlib.import_module("schwifty")  # its list of banks takes 10 MB of each process
    try:
        return str(schwifty.IBAN(typed, validate_bban=True).compact)
    except schwifty.exceptions.SchwiftyException as fault:
        told = _IBAN_FAULTS.get(type(fault).__name__, _IBAN_SHAPE)
        raise Misread(told.format(length=len(typed))) from None


def bic(text: str) -> str:
    """A BIC of 8 or 11 characters. Raises `Misread`."""
    schwifty = importlib.import_module("schwifty")
    try:
        return str(schwifty.BIC(compact(text)).compact)
    except schwifty.exceptions.SchwiftyException:
        raise Misread("Saisissez le BIC du RIB : 8 ou 11 caractères, par exemple AGRIFRPPXXX") from None


def french_iban(text: str) -> str:
    """The same at a bank in France, the only ones that an LCR is drawn upon. Raises `Misread`."""
    found = iban(text)
    if not found.startswith("FR"):
        raise Misread(
            "Une LCR ne se tire que sur un compte en France : saisissez un IBAN qui commence par FR"
        )
    return found


def bank_of(iban: str) -> str:
    """The name of the bank that keeps this account, as the register of banks has it, or nothing."""
    name = importlib.import_module("schwifty").IBAN(iban, allow_invalid=True).bank_name
    return str(name or "")[:60]


def grouped_iban(iban: str) -> str:
    """As it is printed: FR76 3000 6000 0112 3456 7890 189."""
    return " ".join(re.findall(".{1,4}", compact(iban)))


def rib(iban: str) -> tuple[str, ...]:
    """Bank, branch, account and key of a French IBAN; nothing of another."""
    number = compact(iban)
    if not (number.startswith("FR") and len(number) == FRENCH_IBAN_LENGTH):
        return ()
    return number[4:9], number[9:14], number[14:25], number[25:]


def bic_fits(bic: str, iban: str) -> bool:
    """Whether they may be of one bank; where the register of banks does not know it, they may."""
    known = importlib.import_module("schwifty").IBAN(iban, allow_invalid=True).bic
    return not (bic and known) or bic[:4] == str(known)[:4]


def masked_iban(iban: str) -> str:
    """As it is shown to be recognised: FR76 •••• 0189 (ASVS 14.2.6)."""
    return f"{iban[:4]} •••• {iban[-4:]}" if iban else ""


def _digits(text: str, name: str, length: int) -> str:
    digits = compact(text)
    if not _is_number(digits, length):
        raise Misread(f"Saisissez les {length} chiffres du {name}{_count(digits, length)}")
    return digits


def _is_number(typed: str, length: int) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) == length


def _count(typed: str, wanted: int) -> str:
    if not (typed.isascii() and typed.isdigit()):
        return ""
    missing = wanted - len(typed)
    if missing > 0:
        return f" : il en manque {missing}"
    return f" : il y en a {-missing} de trop" if missing else ""

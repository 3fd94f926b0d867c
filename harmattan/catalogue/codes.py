"""The trade’s code lists as booksellers read them: forms, relations, languages, CLIL (domain.md §2.1)."""

from dataclasses import dataclass

from babel import Locale

FORMS = {
    "BA": "Livre",
    "BB": "Relié",
    "BC": "Broché",
    "BZ": "Livre",
    "CB": "Carte",
    "AC": "CD audio",
    "AJ": "Livre audio à télécharger",
    "EA": "Livre numérique",
    "ED": "Livre numérique à télécharger",
}
"""ONIX list 150, as far as a publisher of books uses it."""

RELATIONS = {
    "05": "Nouvelle édition",
    "16": "Réédition à la demande",
    "03": "Édition précédente",
    "06": "Autre format",
    "13": "Édition imprimée",
    "27": "Édition numérique",
}
"""ONIX list 51: what the other product is to the title, in the order in which they are shown."""

REPLACED_BY = "05"
"""Of `RELATIONS`: the other product takes the place of the title."""

_TAGS = {
    "ara": "ar",
    "bam": "bm",
    "bre": "br",
    "cat": "ca",
    "chi": "zh",
    "dut": "nl",
    "eng": "en",
    "ger": "de",
    "gre": "el",
    "hat": "ht",
    "heb": "he",
    "ita": "it",
    "jpn": "ja",
    "lin": "ln",
    "mlg": "mg",
    "oci": "oc",
    "per": "fa",
    "pol": "pl",
    "por": "pt",
    "rum": "ro",
    "rus": "ru",
    "spa": "es",
    "swa": "sw",
    "tur": "tr",
    "vie": "vi",
    "wol": "wo",
}


def language_tag(code: str) -> str:
    """The `lang` of a title from its ONIX language (ISO 639-2/B); empty for French, or no language."""
    return "" if code in ("", "fre", "mul", "und", "zxx") else _TAGS.get(code, code)


def language_name(code: str) -> str:
    """« anglais »; empty for French, and where the name is unknown."""
    return Locale("fr").languages.get(language_tag(code), "")


@dataclass(frozen=True)
class Subject:
    """A heading of the CLIL classification, and the codes under it."""

    label: str
    ranges: tuple[tuple[str, str], ...]


SUBJECTS: dict[str, Subject] = {
    "sciences-sociales": Subject("Sciences sociales, sociologie", (("3081", "3099"), ("4093", "4096"))),
    "action-sociale": Subject("Action sociale", (("3100", "3110"),)),
    "anthropologie": Subject("Anthropologie, ethnologie", (("3111", "3125"), ("4097", "4097"))),
    "philosophie": Subject("Philosophie", (("3126", "3133"), ("3916", "3916"), ("4125", "4128"))),
    "psychologie": Subject("Psychologie, psychanalyse", (("3134", "3145"), ("3918", "3918"))),
    "lettres": Subject("Lettres, langues, éducation", (("3146", "3164"), ("4024", "4033"), ("4053", "4053"))),
    "droit": Subject("Droit", (("3259", "3282"), ("4073", "4073"), ("4098", "4113"), ("4272", "4278"))),
    "politique": Subject("Sciences politiques", (("3283", "3304"),)),
    "economie": Subject("Sciences économiques", (("3305", "3344"), ("4114", "4114"))),
    "religion": Subject("Religion", (("3345", "3364"), ("4255", "4270"))),
    "histoire": Subject("Histoire", (("3377", "3394"), ("4036", "4040"))),
    "geographie": Subject("Géographie", (("3395", "3417"),)),
    "litterature": Subject("Littérature générale", (("3435", "3665"),)),
    "scolaire": Subject("Scolaire et parascolaire", (("3000", "3050"),)),
}
"""The headings of a publisher of the humanities, by their word in addresses. Other codes stay codes."""


def subject_of(clil: str) -> str:
    """The heading of a CLIL code, by its key; empty where we know none."""
    return next((key for key, s in SUBJECTS.items() if any(a <= clil <= b for a, b in s.ranges)), "")

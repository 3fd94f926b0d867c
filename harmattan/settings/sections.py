"""The sections of `/equipe/reglages` and their settings, in the order of the screen (R105)."""

from harmattan.contact.rules import Subject
from harmattan.core import identifiers
from harmattan.core.places import Territory
from harmattan.core.services import ANSWERING
from harmattan.core.settings import House
from harmattan.core.typography import percent
from harmattan.deliveries.rules import CARRIED
from harmattan.settings import grids, kinds
from harmattan.settings.rules import Section, Setting, Values

ACCOUNTING_ALONE = (Subject.ACCOUNTING, Subject.LCR)
"""Bank details and accounts are read by accounting alone, whatever is set (R80)."""


def _hours(values: Values) -> dict[str, str]:
    if values["desk_opens"] < values["desk_closes"]:
        return {}
    return {"desk_closes": "La fermeture vient après l’ouverture : vérifiez les deux heures"}


def _identity(values: Values) -> dict[str, str]:
    siren, number = values["siren"], values["vat_number"]
    if not siren or not number or number.endswith(siren):
        return {}
    return {"vat_number": f"Vérifiez le numéro de TVA : il finit par le SIREN, {siren}"}


def _bank(values: Values) -> dict[str, str]:
    if identifiers.bic_fits(values["bic"], values["iban"]):
        return {}
    return {"bic": "Vérifiez le BIC : ce n’est pas celui de la banque de cet IBAN"}


PHONES = Section(
    "telephones",
    "Téléphones",
    "Au pied de chaque page, dans les courriels, l’aide et les réponses types.",
    (
        Setting("sales_phone", "commercial", "Service commercial", kinds.PHONE),
        Setting("after_sales_phone", "sav", "Service après-vente", kinds.PHONE),
        Setting("after_sales_key", "touche", "Touche du service après-vente", kinds.text(30)),
    ),
)
HOURS = Section(
    "horaires",
    "Heures d’ouverture",
    "Elles disent quand on nous joint, et font courir les délais de réponse.",
    (
        Setting("desk_opens", "ouverture", "Ouverture", kinds.TIME),
        Setting("desk_closes", "fermeture", "Fermeture", kinds.TIME),
    ),
    _hours,
)
CLOSING = Section(
    "fermetures",
    "Jours de fermeture",
    "Ni réponse, ni préparation, ni livraison ces jours-là : tous les délais les sautent aussitôt.",
    (
        Setting(
            "closing_days",
            "jours",
            "Jours de fermeture",
            kinds.DAYS,
            "Un jour par ligne, sous la forme 24/12/2026. Les jours fériés sont déjà comptés.",
        ),
    ),
    is_dated=False,
)
DELAYS = Section(
    "delais",
    "Délais promis",
    "Ce que le portail promet : livraison au plus tôt, réponse au plus tard.",
    (
        Setting(
            "order_cut_off",
            "heure-limite",
            "Heure limite des commandes du jour",
            kinds.TIME,
            "Passée cette heure, une commande compte du jour ouvré suivant.",
        ),
        Setting("preparation_days", "preparation", "Préparation, en jours ouvrés", kinds.count(0, 20)),
        *(
            Setting(
                f"transit_days.{mode}",
                f"transport-{mode}",
                f"{mode.label} : transport, en jours ouvrés",
                kinds.count(0, 30),
            )
            for mode in CARRIED
        ),
        *(
            Setting(
                f"answer_days.{service}",
                f"reponse-{service.slug}",
                f"{service.label} : réponse, en jours ouvrés",
                kinds.count(1, 20),
            )
            for service in ANSWERING
        ),
        Setting(
            "account_opening_days",
            "ouverture-compte",
            "Ouverture de compte, en jours ouvrés",
            kinds.count(1, 60),
        ),
    ),
)
TERMS = Section(
    "conditions",
    "Conditions commerciales",
    "Ce qui vaut quand rien d’autre n’est convenu. Les remises des comptes sont sur leurs fiches.",
    (
        Setting("usual_discount_bp", "remise", "Remise proposée à un nouveau compte, en %", kinds.RATE),
        Setting(
            "margin_floor_bp",
            "plancher",
            "Part du prix public HT à garder après remise, en %",
            kinds.RATE,
            "En dessous, le service commercial est averti quand il établit un devis.",
        ),
        Setting("quote_valid_days", "devis", "Validité d’un devis, en jours ouvrés", kinds.count(1, 90)),
        Setting(
            "recent_order_days",
            "doublons",
            "Signaler un titre déjà commandé depuis moins de, en jours",
            kinds.count(0, 365),
        ),
        Setting("return_months", "retours", "Retour possible, en mois après la facture", kinds.count(1, 60)),
    ),
)
SUBJECTS = Section(
    "sujets",
    "Qui répond à quoi",
    "Le service à qui part chaque objet du formulaire de contact ; ce qui est déjà reçu reste où il est.",
    tuple(
        Setting(
            f"subject_services.{subject}",
            f"objet-{subject}",
            subject.label,
            kinds.SERVICE,
            unless_said=subject.usual_service.value,
        )
        for subject in Subject
        if subject not in ACCOUNTING_ALONE
    ),
)
ADDRESSES = Section(
    "adresses",
    "Adresses",
    "Où l’on retire, où l’on paie par chèque, où l’on retourne.",
    (
        Setting("counter_address", "comptoir", "Retrait au comptoir", kinds.ADDRESS),
        Setting("cheque_payee", "ordre", "Chèques à l’ordre de", kinds.text(60)),
        Setting("cheque_address", "cheques", "Envoi des chèques", kinds.ADDRESS),
        Setting("return_address", "adresse-retours", "Envoi des retours", kinds.ADDRESS),
    ),
)
MENTIONS = Section(
    "mentions",
    "Mentions légales",
    "Imprimées sur les prochaines factures et les prochains avoirs ; ceux qui sont émis ne changent jamais.",
    (
        Setting("name", "nom", "Raison sociale", kinds.text(60)),
        Setting("legal_form", "forme", "Forme juridique", kinds.text(30).or_nothing()),
        Setting("capital", "capital", "Capital", kinds.text(30).or_nothing(), "Par exemple 100 000 €"),
        Setting("siren", "siren", "SIREN", kinds.SIREN.or_nothing()),
        Setting(
            "rcs", "rcs", "Immatriculation", kinds.text(60).or_nothing(), "Par exemple RCS Paris 123 456 789"
        ),
        Setting("vat_number", "tva", "Numéro de TVA", kinds.VAT_NUMBER.or_nothing()),
        Setting("gln", "gln", "GLN", kinds.GLN.or_nothing()),
        Setting(
            "e_invoice_address",
            "adresse-facturation",
            "Adresse de facturation électronique",
            kinds.text(60).or_nothing(),
            "Celle de notre plateforme agréée ; sans elle, notre SIREN.",
        ),
        Setting("street", "rue", "Siège : rue", kinds.text(60)),
        Setting("postal_code", "code-postal", "Siège : code postal", kinds.text(10)),
        Setting("city", "ville", "Siège : ville", kinds.text(40)),
        Setting(
            "publication_director", "directeur", "Direction de la publication", kinds.text(60).or_nothing()
        ),
        Setting("host", "hebergeur", "Hébergeur : nom et adresse", kinds.text(200).or_nothing()),
        Setting("early_discount_text", "escompte", "Escompte", kinds.long_text()),
        Setting("late_penalty_text", "penalites", "Pénalités de retard", kinds.long_text()),
        Setting("recovery_indemnity_text", "indemnite", "Indemnité de recouvrement", kinds.long_text()),
    ),
    _identity,
)
BANK = Section(
    "banque",
    "Coordonnées bancaires",
    "Sur les factures, les relevés et la page de paiement. Une autre personne de l’administration confirme"
    " tout changement, et la comptabilité en est avertie.",
    (
        Setting("iban", "iban", "IBAN", kinds.IBAN),
        Setting("bic", "bic", "BIC", kinds.BIC),
        Setting("bank_name", "banque", "Banque", kinds.text(60)),
        Setting(
            "national_issuer_number",
            "emetteur",
            "Numéro national d’émetteur, pour les LCR",
            kinds.ISSUER_NUMBER.or_nothing(),
        ),
    ),
    faults=_bank,
    is_confirmed=True,
)

LEDGER = Section(
    "plan-comptable",
    "Comptes des exports",
    "Dans les écritures exportées pour la comptabilité, dès le prochain fichier.",
    (
        Setting(
            "customers_account",
            "clients",
            "Clients",
            kinds.LEDGER_ACCOUNT,
            "Le numéro de chaque librairie en est l’auxiliaire.",
        ),
        Setting("sales_account", "ventes", "Ventes de livres", kinds.LEDGER_ACCOUNT),
        Setting("carriage_account", "ports", "Ports facturés", kinds.LEDGER_ACCOUNT),
        Setting("bank_account", "compte-banque", "Banque, pour les virements", kinds.LEDGER_ACCOUNT),
        Setting("cheques_account", "cheques-recus", "Chèques à encaisser", kinds.LEDGER_ACCOUNT),
        Setting("cash_account", "caisse", "Caisse, pour les espèces au comptoir", kinds.LEDGER_ACCOUNT),
        Setting("cards_account", "cartes", "Cartes et paiements en ligne à encaisser", kinds.LEDGER_ACCOUNT),
        Setting("bills_account", "effets", "Effets à l’encaissement, pour les LCR", kinds.LEDGER_ACCOUNT),
        *(
            Setting(
                f"vat_accounts.{rate_bp}",
                f"tva-{rate_bp}",
                f"TVA collectée à {percent(int(rate_bp))}",
                kinds.LEDGER_ACCOUNT,
            )
            for rate_bp in House().vat_accounts
        ),
        Setting("other_vat_account", "tva-autre", "TVA collectée à un autre taux", kinds.LEDGER_ACCOUNT),
    ),
)

GRID_KEY = "grid"

_COLUMNS = " ; ".join(("Jusqu’à (kg, emballage compris)", *(mode.short for mode in CARRIED)))


def _carriage(slug: str, name: str, zone: Territory) -> Section:
    hint = (
        f"Une ligne par palier : {_COLUMNS}, HT en euros. Une case vide : pas de tarif, le port se calcule"
        " à la validation. Un tableur se colle tel quel."
    )
    return Section(
        f"port-{slug}",
        f"Frais de port : {name}",
        "Dans le panier et les devis, puis sur les factures. Un tarif commence demain au plus tôt.",
        (Setting(GRID_KEY, "tarif", "Tarif", grids.GRID, hint),),
        zone=zone,
    )


CARRIAGE = (
    _carriage("metropole", "France métropolitaine", Territory.MAINLAND),
    _carriage("corse", "Corse", Territory.CORSICA),
    _carriage("outre-mer", "Outre-mer", Territory.OVERSEAS),
    _carriage("europe", "Union européenne", Territory.EUROPEAN_UNION),
    _carriage("monde", "Reste du monde", Territory.WORLD),
)
OF_THE_HOUSE = (PHONES, HOURS, CLOSING, DELAYS, TERMS, SUBJECTS, ADDRESSES, MENTIONS, LEDGER, BANK)
SECTIONS = (*OF_THE_HOUSE, *CARRIAGE)


def of_slug(slug: str) -> Section | None:
    """The section whose word stands in an address."""
    return next((section for section in SECTIONS if section.slug == slug), None)

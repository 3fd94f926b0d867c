"""The seventeen questions, in the order of the areas A to Q (R104), and the links that do what they say."""

import enum
from collections.abc import Collection
from dataclasses import dataclass, field, replace


class Said(enum.StrEnum):
    """What is counted of an answer: it was read, then helped, or did not, or somebody wrote all the same."""

    SHOWN = "shown"
    HELPED = "helped"
    NO_HELP = "no_help"
    WRITTEN = "written"


@dataclass(frozen=True)
class Place:
    """Where an answer is read: the page of questions, or the contact form under this subject."""

    question: str
    subject: str = ""


ORDER_STATE = "etat-de-la-commande"
"""No question of the page: what the contact form says of the order one writes about."""


@dataclass(frozen=True)
class Action:
    """The link that does it: a page of ours, or the contact form with its subject chosen."""

    label: str
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """One question; its answer is the template `faq/answers/<slug>.html`."""

    slug: str
    heading: str
    actions: tuple[Action, ...]
    words: str = ""
    """What people look for it by, where neither heading nor answer says it so."""

    @property
    def template(self) -> str:
        return f"faq/answers/{self.slug}.html"


@dataclass(frozen=True)
class Group:
    """Questions of neighbouring areas, under one heading."""

    slug: str
    heading: str
    questions: tuple[Question, ...]


def _write(label: str, subject: str) -> Action:
    return Action(label, "contact.form", {"objet": subject})


_ASK = Action("Demander un devis avec le panier", "quotes.ask")
_CART = Action("Ouvrir le panier", "cart.show")
_DOCUMENTS = Action("Voir mes factures et mes avoirs", "billing.invoices")
_STATEMENT = Action("Lire mon relevé de compte", "statements.show")
_DOSSIERS = Action("Réunir les documents d’un mois", "dossiers.index")
_FILES = Action("Choisir les fichiers joints aux courriels", "exchanges.choices")
_ORDERS = Action("Voir mes commandes", "orders.index")

GROUPS = (
    Group(
        "acces",
        "Accéder à l’espace client",
        (
            Question(
                "premiere-connexion",
                "J’ai un compte client : comment me connecter la première fois ?",
                (Action("Demande d’accès à l’espace client", "onboarding.request_form"),),
                words="connecter identifiant activer invitation",
            ),
            Question(
                "ajouter-un-utilisateur",
                "Comment donner un accès à une autre personne de la librairie ?",
                (
                    Action("Voir les utilisateurs de la librairie", "people.users"),
                    Action("Demander un accès pour un collègue", "onboarding.request_form"),
                ),
                words="collègue salarié équipe droits identifiant",
            ),
            Question(
                "ouvrir-un-compte",
                "Je ne suis pas client : comment ouvrir un compte ?",
                (Action("Demander l’ouverture d’un compte", "applications.form"),),
                words="créer devenir nouveau client inscription siret",
            ),
            Question(
                "mot-de-passe-oublie",
                "J’ai oublié mon mot de passe : que faire ?",
                (Action("Mot de passe oublié", "access.forgotten_password"),),
                words="perdu bloqué réinitialiser changer identifiant",
            ),
        ),
    ),
    Group(
        "commander",
        "Commander et demander un devis",
        (
            Question(
                "confirmation-de-commande",
                "Comment savoir si ma commande est confirmée ?",
                (_ORDERS, _FILES),
                words="reçu validation accusé statut état edi",
            ),
            Question(
                "demander-un-devis",
                "Comment obtenir une surremise ou un délai de paiement plus long ?",
                (_ASK, _CART, _write("Écrire au service commercial au sujet d’un devis", "devis")),
                words="condition prix échéance négocier",
            ),
            Question(
                "modifier-ou-annuler",
                "Puis-je modifier ou annuler une commande ?",
                (_ORDERS, _write("Demander une modification ou une annulation", "modifier")),
                words="annulation changer modification quantité erreur supprimer ajouter titre",
            ),
            Question(
                "livraison-imperative",
                "Ma commande est urgente : comment demander une date de livraison ?",
                (_CART,),
                words="urgence express rapide délai vite",
            ),
        ),
    ),
    Group(
        "suivre",
        "Coordonnées, livraison différée et suivi",
        (
            Question(
                "changer-de-coordonnees",
                "Comment signaler un changement de coordonnées ?",
                (
                    Action("Demander une modification", "details.form"),
                    _write("Signaler un changement de coordonnées", "autres"),
                ),
                words="adresse téléphone e-mail raison sociale siret gln rib déménagement",
            ),
            Question(
                "livraison-differee",
                "Puis-je demander à être livré plus tard ?",
                (_CART,),
                words="différer reporter retarder repousser attendre",
            ),
            Question(
                "suivre-une-commande",
                "Où en est ma commande, et à qui adresser une réclamation ?",
                (
                    _ORDERS,
                    _write("Poser une question sur une commande", "suivi"),
                    _write("Faire une réclamation", "reclamation"),
                ),
                words="suivre quand livré livrée reçu retard perdu abîmé manquant incomplet transporteur",
            ),
        ),
    ),
    Group(
        "payer",
        "Documents et paiement",
        (
            Question(
                "documents-comptables",
                "Où trouver mes factures, mes avoirs et mes relevés ?",
                (
                    _DOCUMENTS,
                    _STATEMENT,
                    _DOSSIERS,
                    _write("Demander un document à la comptabilité", "comptabilite"),
                ),
                words="copie télécharger imprimer compte",
            ),
            Question(
                "payer-une-facture",
                "Comment payer mes factures ?",
                (
                    Action("Payer", "payments.index"),
                    Action("Demander à payer par LCR", "lcr.index"),
                    _write("Envoyer un RIB à la comptabilité", "lcr"),
                ),
                words="cb régler règlement paiement payer virer banque",
            ),
            Question(
                "avoirs",
                "Mes avoirs sont-ils déduits de ce que je dois ?",
                (
                    Action("Voir mes avoirs", "billing.credit_notes"),
                    _STATEMENT,
                    Action("Déduire un avoir", "payments.index"),
                    _write("Poser une question sur un avoir", "comptabilite"),
                ),
                words="déduire déduction remboursement rembourser crédit",
            ),
        ),
    ),
    Group(
        "livrer",
        "Frais de port, adresse et retours",
        (
            Question(
                "frais-de-port",
                "Comment les frais de port sont-ils calculés ?",
                (Action("Choisir un mode de livraison dans le panier", "cart.show"),),
                words="franco gratuit livraison prix coût transport",
            ),
            Question(
                "changer-d-adresse-de-livraison",
                "Puis-je changer l’adresse de livraison d’une commande ?",
                (_ORDERS, _write("Demander une modification avant la validation", "modifier")),
                words="changement livrer ailleurs déménagement",
            ),
            Question(
                "retourner-des-livres",
                "Comment retourner des livres ?",
                (Action("Préparer un retour", "returns.new"),),
                words="renvoyer invendu étiquette délai rendre reprise",
            ),
        ),
    ),
)

QUESTIONS = tuple(question for group in GROUPS for question in group.questions)

_OF_SUBJECT = {
    "modifier": "modifier-ou-annuler",
    "devis": "demander-un-devis",
    "acces": "premiere-connexion",
    "autres": "changer-de-coordonnees",
    "suivi": "suivre-une-commande",
    "reclamation": "suivre-une-commande",
    "retours": "retourner-des-livres",
    "comptabilite": "documents-comptables",
    "lcr": "payer-une-facture",
}


def fitting(subject: str) -> Question | None:
    """The question that a subject of the contact form most often is about (R100)."""
    return of_slug(_OF_SUBJECT.get(subject, ""))


def of_slug(slug: str) -> Question | None:
    """The question of this word, or None."""
    return next((question for question in QUESTIONS if question.slug == slug), None)


def subject_of(slug: str) -> str:
    """The subject under which one writes about a question; none where no subject is about it."""
    return next((subject for subject, question in _OF_SUBJECT.items() if question == slug), "")


def heading_of(slug: str) -> str:
    """What a question asks, as our services read it; a question of former times keeps its word."""
    if slug == ORDER_STATE:
        return "Où en est la commande (état et colis)"
    question = of_slug(slug)
    return question.heading if question else slug


def grouped(questions: Collection[Question]) -> list[Group]:
    """The groups with these questions alone, empty ones left out."""
    kept = (
        replace(group, questions=tuple(question for question in group.questions if question in questions))
        for group in GROUPS
    )
    return [group for group in kept if group.questions]

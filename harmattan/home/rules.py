"""The site map: every page one can go to, in the words of the menus."""

SITE_MAP: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Espace libraires",
        (
            ("Accueil", "home.start"),
            ("Catalogue", "catalogue.search"),
            ("Panier", "cart.show"),
            ("Commander avec une liste", "lists.new"),
            ("Commandes", "orders.index"),
            ("Factures", "billing.invoices"),
            ("Avoirs", "billing.credit_notes"),
            ("Relevé de compte", "statements.show"),
            ("Dossiers du mois", "dossiers.index"),
            ("Retours", "returns.index"),
            ("Préparer un retour", "returns.new"),
            ("À retourner bientôt", "returns.leaving"),
            ("Messages", "conversations.index"),
            ("Courriels reçus", "mails.index"),
            ("Quels courriels recevoir", "mails.preferences_form"),
            ("Compte et coordonnées", "people.account"),
            ("Demander une modification des coordonnées", "details.form"),
            ("Utilisateurs et droits", "people.users"),
            ("Mot de passe et sessions", "people.security"),
            ("Journal du compte", "people.journal"),
        ),
    ),
    (
        "Équipe",
        (
            ("À faire", "staff.home.start"),
            ("Messages reçus", "staff.conversations.inbox"),
            ("Courriels", "staff.mails.index"),
            ("Commandes", "staff.orders.index"),
            ("Expéditions", "staff.shipments.index"),
            ("Comptes et accès des libraires", "staff.accounts.index"),
            ("Invitations", "staff.invitations.index"),
            ("Journal", "staff.journal.index"),
            ("Utilisateurs de l’équipe", "staff.team.index"),
            ("Ouvertures de compte, demandes d’accès", "staff.applications.index"),
            ("Retours", "staff.returns.index"),
            ("Imports du catalogue", "staff.imports.index"),
        ),
    ),
    (
        "Aide et informations",
        (
            ("Recherche", "home.search"),
            ("Questions fréquentes", "faq.index"),
            ("Écrire à un service", "contact.form"),
            ("Ouvrir un compte", "applications.form"),
            ("Plan du site", "home.site_map"),
            ("Accessibilité", "home.accessibility"),
            ("Mentions légales", "home.legal"),
        ),
    ),
)
"""(heading, ((label, endpoint), …)); the right to open each is read from the page itself."""

"""Why a bill comes back: the codes that banks give for LCR (list of the CFONB), in our words. Pure."""

NO_FUNDS = "20"
NOT_SAID = "59"

REASONS = {
    "01": "Endossement erroné",
    "02": "Échéance hors limite",
    "03": "Date incohérente",
    "04": "Réclamation partielle",
    "05": "Réclamation totale",
    "06": "Acceptation non retournée",
    "11": "Annulation par la banque",
    "12": "Coordonnées bancaires inexploitables",
    "13": "Créance non identifiable",
    "14": "Compte clos",
    "16": "Destinataire non reconnu",
    "18": "Émetteur non reconnu",
    "19": "Créance cédée à une autre banque",
    NO_FUNDS: "Provision insuffisante",
    "31": "Pas d’ordre de payer, ou pas d’autorisation",
    "32": "Décision judiciaire",
    "34": "Opposition sur le compte",
    "35": "Titulaire décédé",
    "39": "Ne paie que les effets acceptés",
    "52": "Code opération erroné",
    "57": "Format erroné",
    "58": "Sur ordre du client",
    NOT_SAID: "Raison non communiquée",
    "60": "Code banque erroné",
    "61": "Heure limite dépassée",
    "62": "Motif réglementaire",
    "63": "Service spécifique",
    "64": "Doublon",
    "70": "Tirage contesté",
    "71": "Déjà réglée, ou reçue à tort",
    "72": "Code d’acceptation erroné",
    "73": "Montant contesté",
    "74": "Date d’échéance contestée",
    "75": "Demande de prorogation",
    "76": "Réclamation tardive",
    "80": "Contestation du débiteur",
    "88": "Banque hors échanges",
    "90": "Paiement partiel par le tiré",
    "99": "Opération non admise",
}


def reason_of(code: str) -> str:
    """What a code says; banks may add some of their own."""
    return REASONS.get(code, "Autre motif")

"""Défaillances qu’une personne peut choisir sur la page du simulateur, et ce qu’on en attend."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Defaillance:
    """Une faute jouée par le simulateur.

    Attributes:
        code: valeur envoyée par le formulaire ; vide = aucune faute.
        attendu: ce qu’un service sûr doit faire, dit sur la page d’accueil des simulateurs.
    """

    code: str
    groupe: str
    libelle: str
    attendu: str


RETOUR = "Au retour vers le service"
ECHANGE = "À l’échange du code"
IDENTITE = "Dans le jeton d’identité"
INFOS = "Dans les informations de la personne"

REFUSER = "Refuser la connexion, le dire, et proposer un autre moyen."
PATIENTER = "Rester utilisable : dire que le service ne répond pas, permettre d’essayer plus tard."

DEFAILLANCES = (
    Defaillance("", "", "Aucune : tout se passe bien", "Connecter la personne."),
    Defaillance("access_denied", RETOUR, "Refus : la personne a renoncé", REFUSER),
    Defaillance("server_error", RETOUR, "Erreur technique du fournisseur", PATIENTER),
    Defaillance("temporarily_unavailable", RETOUR, "Fournisseur indisponible", PATIENTER),
    Defaillance("iss_etranger", RETOUR, "Retour signé d’un autre émetteur (iss)", REFUSER),
    Defaillance("iss_absent", RETOUR, "Retour sans émetteur (iss)", REFUSER),
    Defaillance("state_altere", RETOUR, "État (state) modifié", REFUSER),
    Defaillance("token_500", ECHANGE, "Erreur 500 à l’échange du code", PATIENTER),
    Defaillance("token_lent", ECHANGE, "Réponse très lente à l’échange du code", PATIENTER),
    Defaillance("id_absent", ECHANGE, "Jeton d’identité absent", REFUSER),
    Defaillance("id_nonce", IDENTITE, "Mauvais nonce", REFUSER),
    Defaillance("id_signature", IDENTITE, "Signature fausse", REFUSER),
    Defaillance("id_alg_none", IDENTITE, "Jeton sans signature (alg none)", REFUSER),
    Defaillance("id_expire", IDENTITE, "Jeton expiré", REFUSER),
    Defaillance("id_acr_bas", IDENTITE, "Niveau de garantie trop bas (acr)", REFUSER),
    Defaillance("id_iss", IDENTITE, "Émetteur étranger dans le jeton", REFUSER),
    Defaillance("id_aud", IDENTITE, "Jeton destiné à un autre service (aud)", REFUSER),
    Defaillance("userinfo_non_signe", INFOS, "Informations non signées", REFUSER),
    Defaillance("userinfo_signature", INFOS, "Signature fausse", REFUSER),
    Defaillance("userinfo_sub", INFOS, "Autre personne (sub différent)", REFUSER),
    Defaillance("userinfo_500", INFOS, "Erreur 500", PATIENTER),
    Defaillance("userinfo_lent", INFOS, "Réponse très lente", PATIENTER),
    Defaillance(
        "rotation",
        "Cas permis",
        "Changement de clé de signature",
        "Relire les clés une fois, puis connecter la personne.",
    ),
    Defaillance(
        "sub_change",
        "Cas permis",
        "Identifiant (sub) changé après correction de l’état civil",
        "Ne pas créer de doublon en silence : proposer de rattacher le compte.",
    ),
)
CODES = frozenset(defaillance.code for defaillance in DEFAILLANCES)

ERREURS_DE_RETOUR = {
    "access_denied": "User auth aborted",
    "server_error": "authentication aborted due to a technical error on the authorization server",
    "temporarily_unavailable": (
        "authentication aborted due to a technical error on the authorization server"
    ),
}

PANNES_PARTICULIER = (
    ("", "Répond normalement"),
    ("404", "Allocataire inconnu (404)"),
    ("409", "Demande déjà en cours (409)"),
    ("429", "Trop de demandes (429)"),
    ("502", "Réponse invalide de la caisse (502)"),
    ("504", "La caisse ne répond pas à temps (504)"),
    ("lent", "Très lent"),
    ("non_json", "Réponse illisible"),
    ("incomplet", "Donnée manquante"),
)
PANNES_IMPOT = (
    ("", "Répond normalement"),
    ("404", "Personne inconnue (404)"),
    ("annee", "Dernière année absente (404)"),
    ("401", "Accès refusé (401)"),
    ("503", "Service fermé (503)"),
    ("lent", "Très lent"),
    ("non_json", "Réponse illisible"),
    ("incomplet", "Donnée manquante"),
)

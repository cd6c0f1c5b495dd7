"""Erreurs d’API Particulier : codes, titres et textes de sa description publique."""

from typing import Any

from socle.simulateurs.commun.reponses import ErreurJson

CAISSES = "CNAF & MSA"

ERREURS: dict[str, tuple[int, str, str]] = {
    "00101": (401, "Interdit", "Votre token n'est pas valide ou n'est pas renseigné"),
    "00103": (401, "Jeton expiré", "Votre token est expiré. Vous devez refaire une demande"),
    "00105": (
        401,
        "Jeton sur liste noire",
        "Votre jeton est sur liste noire, celui-ci a certainement été divulgué sur un canal "
        "non-sécurisé.",
    ),
    "00100": (
        403,
        "Privilèges insuffisants",
        "Votre token est valide mais vos privilèges sont insuffisants. Listez vos privilèges sur "
        "/api/introspect",
    ),
    "10003": (
        404,
        "Dossier allocataire absent MSA",
        "Le dossier allocataire n'a pas été trouvé auprès de la MSA.",
    ),
    "23003": (
        404,
        "Dossier allocataire absent CNAF",
        "Le dossier allocataire n'a pas été trouvé auprès de la CNAF.",
    ),
    "35003": (
        404,
        "Allocataire non référencé",
        "L'allocataire n'est pas référencé auprès des caisses éligibles",
    ),
    "00015": (
        409,
        "Conflit",
        "Une requête associé à votre jeton est déjà en cours de traitement pour ces paramètres. "
        "Veuillez attendre la fin du traitement avant d'effectuer une nouvelle requête.",
    ),
    "00203": (422, "Entité non traitable", "Le paramètre recipient est obligatoire"),
    "00210": (422, "Entité non traitable", "Le paramètre recipient n'est pas un siret valide"),
    "00366": (
        422,
        "Entité non traitable",
        "Un ou plusieurs paramètres de civilité ne sont pas correctement formatés",
    ),
    "00429": (429, "Trop de requêtes", "Vous avez effectué trop de requêtes"),
    "37999": (
        502,
        "Erreur inconnue du fournisseur de données",
        "La réponse retournée par le fournisseur de données est invalide et inconnue de notre "
        "service. L'équipe technique a été notifiée de cette erreur pour investigation.",
    ),
    "37001": (
        504,
        "Service non disponible",
        "Service du fournisseur de données temporairement indisponible ou en maintenance.",
    ),
    "37002": (
        504,
        "Intermédiaire hors-délai",
        "Temps d’attente d’une réponse du fournisseur de données écoulé.",
    ),
}
SOURCES = {
    "00100": "token",
    "00101": "token",
    "00103": "token",
    "00105": "token",
    "00203": "recipient",
    "00210": "recipient",
}
FOURNISSEURS = {
    "10003": "MSA",
    "23003": "CNAF",
    "35003": CAISSES,
    "37999": CAISSES,
    "37001": CAISSES,
    "37002": CAISSES,
}


def create_erreur(code: str, entetes: dict[str, str] | None = None) -> ErreurJson:
    """Erreur complète : `{"errors": [{code, title, detail, source, meta}]}`."""
    statut, titre, detail = ERREURS[code]
    meta: dict[str, Any] = {"provider": FOURNISSEURS[code]} if code in FOURNISSEURS else {}
    if code in {"37001", "37002"}:
        meta["retry_in"] = 10
    source = {"parameter": SOURCES[code]} if code in SOURCES else None
    corps = {
        "errors": [{"code": code, "title": titre, "detail": detail, "source": source, "meta": meta}]
    }
    return ErreurJson(statut, corps, entetes)

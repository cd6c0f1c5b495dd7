"""Déconnexion chez le fournisseur (OIDC RP-Initiated Logout 1.0), après la déconnexion locale."""

import hmac
from urllib.parse import urlencode

from socle.fondations.commun.oidc.depart import Session, draw_alea
from socle.fondations.commun.oidc.errors import ParcoursInconnu
from socle.fondations.commun.oidc.fournisseur import Fournisseur

CLE_SESSION = "oidc_deconnexion"


def open_deconnexion(
    session: Session, fournisseur: Fournisseur, *, id_token: str, retour: str, etat: str = ""
) -> str:
    """Garde un `state` dans la session (déjà anonyme) et rend l’adresse de fin de session.

    Rend une chaîne vide si le fournisseur n’en offre pas.
    """
    if not fournisseur.fin_session or not id_token:
        return ""
    etat = etat or draw_alea()
    session[CLE_SESSION] = etat
    separateur = "&" if "?" in fournisseur.fin_session else "?"
    return (
        fournisseur.fin_session
        + separateur
        + urlencode({"id_token_hint": id_token, "state": etat, "post_logout_redirect_uri": retour})
    )


def close_deconnexion(session: Session, etat: str) -> None:
    """Vérifie le `state` du retour, qui ne sert qu’une fois.

    Raises:
        ParcoursInconnu: ce retour ne répond à aucune déconnexion de cette session.
    """
    attendu = session.pop(CLE_SESSION, "")
    if not attendu or not hmac.compare_digest(attendu.encode(), etat.encode()):
        raise ParcoursInconnu("state de déconnexion")

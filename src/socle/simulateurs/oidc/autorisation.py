"""`/authorize`, puis la page de choix : contrôle la demande, remet un code ou une erreur."""

import secrets
from typing import Any

from werkzeug.wrappers import Request, Response

from socle.simulateurs.commun.reponses import PageErreur, RetourErreur, page_response, redirect
from socle.simulateurs.commun.sceaux import SceauInvalide
from socle.simulateurs.configuration import Client
from socle.simulateurs.oidc import defaillances
from socle.simulateurs.oidc.demande import Choix, Demande, read_parametres
from socle.simulateurs.oidc.fournisseur import Fournisseur
from socle.simulateurs.pages.choix import Filtre, render_choix

DUREE_INTERACTION = 600
ETRANGER = "https://fournisseur-etranger.example/api/v2"


def authorize(fournisseur: Fournisseur, requete: Request) -> Response:
    """Contrôle la demande dans l’ordre du vrai fournisseur, puis mène à la page de choix.

    Raises:
        PageErreur: paramètre inconnu, client ou adresse de retour non inscrits.
    """
    parametres = read_parametres(requete)
    fournisseur.check_parametres(parametres)
    client = fournisseur.get_client(parametres["client_id"])
    if client is None:
        raise fournisseur.refuse_client()
    if not client.accepts_return(parametres["redirect_uri"]):
        raise fournisseur.refuse_redirection()
    try:
        demande = fournisseur.create_demande(parametres, client)
        silencieuse = _answer_silently(fournisseur, requete, demande, client)
    except RetourErreur as erreur:
        return _return_error(fournisseur, parametres, erreur)
    if silencieuse is not None:
        return silencieuse
    sceau = fournisseur.contexte.sceaux.seal(
        f"demande {fournisseur.code}", demande.as_dict(), DUREE_INTERACTION
    )
    chemin = fournisseur.contexte.link(f"{fournisseur.code}/api/v2/interaction")
    return redirect(chemin, {"demande": sceau})


def check_scopes(fournisseur: Fournisseur, demandes: str, client: Client) -> tuple[str, ...]:
    """Périmètres accordés : les inconnus sont ignorés, les connus non habilités refusés.

    Raises:
        RetourErreur: `openid` absent ou périmètre non habilité.
    """
    voulus = tuple(dict.fromkeys(demandes.split()))
    if "openid" not in voulus:
        raise RetourErreur(
            "invalid_request",
            "openid scope must be requested when using the acr_values parameter",
        )
    connus = tuple(scope for scope in voulus if fournisseur.knows_scope(scope))
    if client.scopes and set(connus) - set(client.scopes):
        raise RetourErreur("invalid_scope", "requested scope is not allowed")
    return connus


def show_interaction(fournisseur: Fournisseur, requete: Request) -> Response:
    """Page où l’on choisit une identité fictive et, si l’on veut, une défaillance."""
    sceau = requete.args.get("demande", "")
    demande = _read_demande(fournisseur, sceau)
    souvenir = _read_session(fournisseur, requete) if "login" not in demande.prompt else ""
    filtre = Filtre(requete.args.get("groupe", ""), requete.args.get("recherche", ""))
    page = render_choix(fournisseur, demande=demande, sceau=sceau, souvenir=souvenir, filtre=filtre)
    return page_response(page, destination=demande.redirect_uri)


def answer_interaction(fournisseur: Fournisseur, requete: Request) -> Response:
    """Joue le choix de la personne : retour au service avec un code ou une erreur."""
    demande = _read_demande(fournisseur, requete.form.get("demande", ""))
    client = fournisseur.get_client(demande.client_id)
    if client is None:
        raise fournisseur.refuse_client()
    retour = {"redirect_uri": demande.redirect_uri, "state": demande.state}
    try:
        choix = _read_choix(fournisseur, requete)
        if choix.defaillance in defaillances.ERREURS_DE_RETOUR:
            description = defaillances.ERREURS_DE_RETOUR[choix.defaillance]
            raise RetourErreur(choix.defaillance, description)
        fournisseur.check_identite(fournisseur.identites[choix.identite], demande, client)
    except RetourErreur as erreur:
        return _return_error(fournisseur, retour, erreur)
    except PageErreur as erreur:
        refus = RetourErreur("access_denied", defaillances.ERREURS_DE_RETOUR["access_denied"])
        erreur.retour = _return_error(fournisseur, retour, refus).headers["Location"]
        raise
    return _return_code(fournisseur, demande, choix, client)


def _answer_silently(
    fournisseur: Fournisseur, requete: Request, demande: Demande, client: Client
) -> Response | None:
    if demande.prompt != "none":
        return None
    identite = _read_session(fournisseur, requete)
    if not identite:
        raise RetourErreur("login_required", "End-User authentication is required")
    fournisseur.check_identite(fournisseur.identites[identite], demande, client)
    return _return_code(fournisseur, demande, Choix(identite), client)


def _read_demande(fournisseur: Fournisseur, sceau: str) -> Demande:
    try:
        return Demande.from_dict(
            fournisseur.contexte.sceaux.read(f"demande {fournisseur.code}", sceau)
        )
    except SceauInvalide as cause:
        raise PageErreur(
            "Y190001",
            "La demande de connexion a expiré. Revenez au service et recommencez.",
        ) from cause


def _read_choix(fournisseur: Fournisseur, requete: Request) -> Choix:
    formulaire = requete.form
    if formulaire.get("action") == "annuler":
        return Choix("", "access_denied")
    choix = Choix(
        formulaire.get("identite", ""),
        formulaire.get("defaillance", ""),
        formulaire.get("particulier", ""),
        formulaire.get("impot", ""),
    )
    if choix.identite not in fournisseur.identites:
        raise PageErreur("Y020022", "Choisissez une identité de la liste.")
    permis = (
        (choix.defaillance, defaillances.CODES),
        (choix.particulier, dict(defaillances.PANNES_PARTICULIER)),
        (choix.impot, dict(defaillances.PANNES_IMPOT)),
    )
    if any(valeur not in table for valeur, table in permis):
        raise PageErreur("Y020022", "Choisissez une défaillance de la liste.")
    return choix


def _read_session(fournisseur: Fournisseur, requete: Request) -> str:
    """Code de l’identité de la session en cours, vide s’il n’y en a pas."""
    try:
        contenu = fournisseur.contexte.sceaux.read(
            f"session {fournisseur.code}", requete.cookies.get(fournisseur.cookie, "")
        )
    except SceauInvalide:
        return ""
    return contenu["i"] if contenu["i"] in fournisseur.identites else ""


def _return_error(
    fournisseur: Fournisseur, retour: dict[str, str], erreur: RetourErreur
) -> Response:
    parametres = {"error": erreur.error, "error_description": erreur.description}
    if retour.get("state"):
        parametres["state"] = retour["state"]
    parametres["iss"] = fournisseur.issuer
    return redirect(retour["redirect_uri"], parametres, fragment=erreur.fragment)


def _return_code(
    fournisseur: Fournisseur, demande: Demande, choix: Choix, client: Client
) -> Response:
    contexte = fournisseur.contexte
    if choix.defaillance == "rotation":
        contexte.trousseau.rotate(fournisseur.code, client.algorithme)
    contenu = {
        "d": demande.as_dict(),
        "i": choix.identite,
        "x": choix.defaillance,
        "xp": choix.particulier,
        "xi": choix.impot,
        "g": secrets.token_urlsafe(9),
    }
    code = contexte.sceaux.seal(f"code {fournisseur.code}", contenu, fournisseur.duree_code)
    parametres = _alter_return(
        {"code": code, "state": demande.state, "iss": fournisseur.issuer}, choix.defaillance
    )
    reponse = redirect(demande.redirect_uri, parametres)
    _open_session(fournisseur, reponse, choix)
    return reponse


def _alter_return(parametres: dict[str, str], defaillance: str) -> dict[str, str]:
    if defaillance == "iss_etranger":
        return {**parametres, "iss": ETRANGER}
    if defaillance == "iss_absent":
        return {nom: valeur for nom, valeur in parametres.items() if nom != "iss"}
    if defaillance == "state_altere":
        return {**parametres, "state": parametres["state"][::-1] + "x"}
    return parametres


def _open_session(fournisseur: Fournisseur, reponse: Response, choix: Choix) -> None:
    if not fournisseur.duree_session:
        return
    contexte = fournisseur.contexte
    contenu: dict[str, Any] = {"i": choix.identite}
    reponse.set_cookie(
        fournisseur.cookie,
        contexte.sceaux.seal(f"session {fournisseur.code}", contenu, fournisseur.duree_session),
        max_age=fournisseur.duree_session,
        path=contexte.link(f"{fournisseur.code}/"),
        httponly=True,
        samesite="Lax",
        secure=contexte.configuration.base_url.startswith("https://"),
    )

"""Application WSGI des simulateurs : adresses, aiguillage, erreurs."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from socle.simulateurs.api_particulier.service import ApiParticulier, add_request_id
from socle.simulateurs.commun.cles import Trousseau
from socle.simulateurs.commun.reponses import (
    ErreurJson,
    PageErreur,
    json_response,
    page_response,
)
from socle.simulateurs.configuration import Configuration
from socle.simulateurs.contexte import Contexte
from socle.simulateurs.franceconnect.checktoken import check_token
from socle.simulateurs.franceconnect.fournisseur import FranceConnect, FranceConnectPlus
from socle.simulateurs.impot_particulier.service import ApiImpotParticulier
from socle.simulateurs.oidc import autorisation, decouverte, echange, informations
from socle.simulateurs.oidc.fournisseur import Fournisseur
from socle.simulateurs.pages.accueil import render_accueil
from socle.simulateurs.pages.rendu import read_style, render, render_fragment
from socle.simulateurs.proconnect.fournisseur import ProConnect
from socle.simulateurs.recherche_entreprises.service import RechercheEntreprises

CORPS_MAX = 64_000
CHAMPS_MAX = 60
MESSAGES_HTTP = {
    404: "Cette adresse n’existe pas dans les simulateurs.",
    405: "Cette adresse ne se demande pas de cette façon.",
    413: "La demande est trop grande.",
}
IMPOT = "/impot-particulier/impotparticulier/1.0"

journal = logging.getLogger("socle.simulateurs")


class Requete(Request):
    """Requête bornée en taille et en nombre de champs."""

    max_content_length = CORPS_MAX
    max_form_memory_size = CORPS_MAX
    max_form_parts = CHAMPS_MAX


class Application:
    """Tous les simulateurs derrière une seule entrée WSGI.

    Les adresses marchent avec et sans le chemin public (« /simulateurs ») : le produit peut
    transmettre la requête telle quelle, et ses appels internes peuvent venir directement.
    """

    def __init__(self, contexte: Contexte) -> None:
        self.contexte = contexte
        self.fournisseurs: dict[str, Fournisseur] = {
            classe.code: classe(contexte)
            for classe in (FranceConnect, FranceConnectPlus, ProConnect)
        }
        franceconnect = self.fournisseurs["franceconnect"]
        self.particulier = ApiParticulier(contexte, franceconnect)
        self.impot = ApiImpotParticulier(contexte, franceconnect)
        self.entreprises = RechercheEntreprises(contexte)
        self.adresses = Map(list(_list_rules()), strict_slashes=False)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        requete = Requete(environ)
        reponse = self._answer(requete)
        if "/api-particulier/" in requete.path:
            add_request_id(reponse)
        return reponse(environ, start_response)

    def _answer(self, requete: Requete) -> Response:
        try:
            adresse = self.adresses.bind("simulateurs", path_info=self._strip(requete.path))
            nom, valeurs = adresse.match(method=requete.method)
            return self._dispatch(str(nom), requete, dict(valeurs))
        except PageErreur as erreur:
            return self._show_erreur(erreur, self._strip(requete.path))
        except ErreurJson as erreur:
            return json_response(erreur.corps, erreur.statut, erreur.entetes)
        except HTTPException as erreur:
            statut = erreur.code or 500
            message = MESSAGES_HTTP.get(statut, "Cette demande ne peut pas être traitée.")
            return self._show_erreur(PageErreur(f"Y000{statut}", message, statut))

    def _strip(self, chemin: str) -> str:
        racine = self.contexte.racine
        if racine and (chemin == racine or chemin.startswith(f"{racine}/")):
            return chemin[len(racine) :] or "/"
        return chemin

    def _dispatch(self, nom: str, requete: Requete, valeurs: dict[str, Any]) -> Response:
        code = valeurs.pop("fournisseur", "")
        if code:
            return self._dispatch_oidc(nom, requete, self.fournisseurs[code])
        if nom == "accueil":
            return page_response(render_accueil(self.contexte))
        if nom == "style":
            return Response(
                read_style(), headers={"Cache-Control": "max-age=3600"}, content_type="text/css"
            )
        if nom == "sante":
            return json_response({"etat": "pret"})
        services: dict[str, Callable[..., Response]] = {
            "particulier_identite": self.particulier.show_identite,
            "particulier_fc": self.particulier.show_france_connect,
            "impot_token": self.impot.create_token,
            "impot_situation": self.impot.show_situation,
            "entreprises": self.entreprises.search,
        }
        return services[nom](requete, **valeurs)

    def _dispatch_oidc(self, nom: str, requete: Requete, fournisseur: Fournisseur) -> Response:
        if nom == "configuration":
            return decouverte.show_configuration(fournisseur)
        if nom == "jwks":
            return decouverte.show_jwks(fournisseur)
        if nom == "checktoken":
            return check_token(fournisseur, requete)
        if nom == "interaction" and requete.method == "POST":
            return autorisation.answer_interaction(fournisseur, requete)
        actions: dict[str, Callable[[Fournisseur, Request], Response]] = {
            "authorize": autorisation.authorize,
            "interaction": autorisation.show_interaction,
            "token": echange.exchange,
            "revocation": echange.revoke,
            "userinfo": informations.show_userinfo,
            "session_end": decouverte.end_session,
        }
        return actions[nom](fournisseur, requete)

    def _show_erreur(self, erreur: PageErreur, chemin: str = "") -> Response:
        fournisseur = self.fournisseurs.get(chemin.strip("/").partition("/")[0])
        suite: str = ""
        if erreur.retour:
            suite = render_fragment("_retour.html", adresse=erreur.retour)
        elif fournisseur:
            suite = render_fragment("_configuration.html")
        page = render(
            "erreur.html",
            self.contexte,
            titre=f"Erreur {erreur.code} – Simulateur",
            nom=fournisseur.nom if fournisseur else "Services de l’État",
            code=erreur.code,
            message=erreur.message,
            suite=suite,
        )
        return page_response(page, erreur.statut)


def create_application(
    configuration: Configuration,
    *,
    horloge: Callable[[], float] = time.time,
    dormir: Callable[[float], None] = time.sleep,
    trousseau: Trousseau | None = None,
) -> Application:
    """Assemble les simulateurs. `horloge` et `dormir` se règlent dans les essais."""
    contexte = Contexte(configuration, horloge, dormir, trousseau or Trousseau())
    return Application(contexte)


def _list_rules() -> Iterable[Rule]:
    base = "/<any('franceconnect','franceconnect-plus','proconnect'):fournisseur>/api/v2"
    yield Rule("/", endpoint="accueil", methods=["GET"])
    yield Rule("/sante", endpoint="sante", methods=["GET"])
    yield Rule("/statique/simulateurs.css", endpoint="style", methods=["GET"])
    yield Rule(
        f"{base}/.well-known/openid-configuration", endpoint="configuration", methods=["GET"]
    )
    yield Rule(f"{base}/jwks", endpoint="jwks", methods=["GET"])
    for chemin, nom in (
        ("authorize", "authorize"),
        ("interaction", "interaction"),
        ("userinfo", "userinfo"),
        ("session/end", "session_end"),
    ):
        yield Rule(f"{base}/{chemin}", endpoint=nom, methods=["GET", "POST"])
    yield Rule(f"{base}/token", endpoint="token", methods=["POST"])
    yield Rule(f"{base}/token/revocation", endpoint="revocation", methods=["POST"])
    fc = "/<any('franceconnect','franceconnect-plus'):fournisseur>/api/v2"
    yield Rule(f"{fc}/checktoken", endpoint="checktoken", methods=["POST"])
    qf = "/api-particulier/v3/dss/quotient_familial"
    yield Rule(f"{qf}/identite", endpoint="particulier_identite", methods=["GET"])
    yield Rule(f"{qf}/france_connect", endpoint="particulier_fc", methods=["GET"])
    yield Rule("/impot-particulier/token", endpoint="impot_token", methods=["POST"])
    annee = "situations/ir/assiettes/annrev/<string(length=4):annee>"
    yield Rule(f"{IMPOT}/{annee}", endpoint="impot_situation", methods=["GET"])
    yield Rule(
        f"{IMPOT}/spi/<string(length=13):spi>/{annee}", endpoint="impot_situation", methods=["GET"]
    )
    yield Rule("/recherche-entreprises/search", endpoint="entreprises", methods=["GET"])

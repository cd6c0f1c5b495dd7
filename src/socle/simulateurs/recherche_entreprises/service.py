"""`/search` : recherche par SIRET, SIREN ou mots du nom."""

from typing import Any

from werkzeug.wrappers import Request, Response

from socle.simulateurs.commun.reponses import ErreurJson, json_response
from socle.simulateurs.contexte import Contexte
from socle.simulateurs.recherche_entreprises.etablissements import (
    ETABLISSEMENTS,
    PANNES,
    Etablissement,
)

PAR_PAGE_MAX = 25
Q_MIN = 3


class RechercheEntreprises:
    """API Recherche d’entreprises : sept requêtes par seconde et par adresse dans la vraie."""

    def __init__(self, contexte: Contexte) -> None:
        self.contexte = contexte

    def search(self, requete: Request) -> Response:
        """Liste paginée d’unités légales et de leurs établissements trouvés.

        Raises:
            ErreurJson: 400 `{"erreur": …}`, 429 avec `Retry-After`, 503.
        """
        q = requete.args.get("q", "").strip()
        if not q:
            raise _refuse("Veuillez indiquer au moins un paramètre de recherche.")
        if len(q) < Q_MIN:
            raise _refuse(f"3 caractères minimum pour les termes de la requête : {q}")
        page = _read_entier(requete, "page", 1, 1000)
        par_page = _read_entier(requete, "per_page", 10, PAR_PAGE_MAX)
        panne = PANNES.get(q.replace(" ", ""), "")
        speciale = self._play(panne)
        if speciale is not None:
            return speciale
        trouves = _find(q)
        sirens = list(dict.fromkeys(etablissement.siren for etablissement in trouves))
        debut = (page - 1) * par_page
        corps = {
            "results": [_describe(siren, trouves) for siren in sirens[debut : debut + par_page]],
            "total_results": len(sirens),
            "page": page,
            "per_page": par_page,
            "total_pages": -(-len(sirens) // par_page),
        }
        if panne == "incomplet":
            corps.pop("results")
        return json_response(corps)

    def _play(self, panne: str) -> Response | None:
        if panne == "429":
            raise ErreurJson(429, {"erreur": "Trop de requêtes."}, {"Retry-After": "2"})
        if panne == "503":
            raise ErreurJson(503, {"erreur": "Service indisponible."})
        if panne == "lent":
            self.contexte.wait_slowly()
        if panne == "non_json":
            return Response("<html>Service en maintenance</html>", 200)
        return None


def _refuse(message: str) -> ErreurJson:
    return ErreurJson(400, {"erreur": message})


def _read_entier(requete: Request, nom: str, defaut: int, maximum: int) -> int:
    valeur = requete.args.get(nom, str(defaut))
    if not valeur.isdecimal() or not 1 <= int(valeur) <= maximum:
        raise _refuse(f"Veuillez indiquer un paramètre `{nom}` entre 1 et {maximum}.")
    return int(valeur)


def _find(q: str) -> list[Etablissement]:
    chiffres = q.replace(" ", "")
    if chiffres.isdecimal():
        return [
            etablissement
            for etablissement in ETABLISSEMENTS
            if chiffres in {etablissement.siret, etablissement.siren}
        ]
    mots = q.upper().split()
    return [
        etablissement
        for etablissement in ETABLISSEMENTS
        if all(mot in etablissement.nom for mot in mots)
    ]


def _describe(siren: str, trouves: list[Etablissement]) -> dict[str, Any]:
    du_siren = [etablissement for etablissement in ETABLISSEMENTS if etablissement.siren == siren]
    siege = next(etablissement for etablissement in du_siren if etablissement.siege)
    return {
        "siren": siren,
        "nom_complet": siege.nom,
        "nom_raison_sociale": siege.nom,
        "sigle": None,
        "nombre_etablissements": len(du_siren),
        "nombre_etablissements_ouverts": sum(
            etablissement.etat == "A" for etablissement in du_siren
        ),
        "siege": _describe_etablissement(siege),
        "activite_principale": siege.activite,
        "nature_juridique": siege.nature,
        "etat_administratif": "A" if siege.etat == "A" else "C",
        "statut_diffusion": "O" if siege.diffusible else "P",
        "matching_etablissements": [
            _describe_etablissement(etablissement)
            for etablissement in trouves
            if etablissement.siren == siren
        ],
    }


def _describe_etablissement(etablissement: Etablissement) -> dict[str, Any]:
    return {
        "siret": etablissement.siret,
        "est_siege": etablissement.siege,
        "adresse": etablissement.adresse,
        "code_postal": etablissement.code_postal,
        "commune": etablissement.code_commune,
        "libelle_commune": etablissement.commune,
        "activite_principale": etablissement.activite,
        "etat_administratif": etablissement.etat,
        "liste_enseignes": None,
        "statut_diffusion_etablissement": "O" if etablissement.diffusible else "P",
    }

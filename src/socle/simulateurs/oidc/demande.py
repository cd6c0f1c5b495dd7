"""Ce qu’un service réclame, et ce que la personne choisit sur la page du simulateur."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from werkzeug.wrappers import Request

from socle.simulateurs.commun.reponses import PageErreur

PARAMETRE_MAX = 2_000
DEMANDE_MAX = 4_500


@dataclass(frozen=True)
class Demande:
    """Demande d’authentification déjà contrôlée.

    Attributes:
        acr: niveaux acceptables, du préféré au moins bon.
        acr_exige: refuser la personne dont le niveau n’est pas dans `acr` (« essential »).
        defi: `code_challenge` S256, vide si le service n’en envoie pas.
    """

    client_id: str
    redirect_uri: str
    state: str
    nonce: str = ""
    scopes: tuple[str, ...] = ()
    acr: tuple[str, ...] = ()
    acr_exige: bool = False
    amr: bool = False
    prompt: str = ""
    defi: str = ""
    login_hint: str = ""
    siret_hint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Champs non vides seulement : le jeton scellé reste court."""
        return {nom: valeur for nom, valeur in asdict(self).items() if valeur}

    @classmethod
    def from_dict(cls, donnees: dict[str, Any]) -> "Demande":
        connus = {champ.name for champ in fields(cls)}
        valeurs: dict[str, Any] = {
            nom: tuple(valeur) if isinstance(valeur, list) else valeur
            for nom, valeur in donnees.items()
            if nom in connus
        }
        return cls(**valeurs)


@dataclass(frozen=True)
class Choix:
    """Qui se connecte, et quelles fautes jouer."""

    identite: str
    defaillance: str = ""
    particulier: str = ""
    impot: str = ""


def read_parametres(requete: Request) -> dict[str, str]:
    """Paramètres d’une demande d’authentification, chacun une seule fois.

    Raises:
        PageErreur: paramètre répété ou demande trop longue.
    """
    source = requete.form if requete.method == "POST" else requete.args
    parametres = {}
    for nom, valeurs in source.lists():
        if len(valeurs) > 1:
            raise PageErreur("Y000400", f"Paramètre répété : {nom[:40]}")
        parametres[nom] = valeurs[0]
    trop_long = any(len(valeur) > PARAMETRE_MAX for valeur in parametres.values())
    if trop_long or sum(map(len, parametres.values())) > DEMANDE_MAX:
        raise PageErreur("Y000400", "Demande trop longue")
    return parametres

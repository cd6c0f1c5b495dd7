"""Ce que l’adresse de la liste demande : file, filtres, recherche, tri ; les liens qui en sortent.

La liste et le dossier (« Dossier suivant ») lisent la même adresse de la même façon.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_date

from socle.fondations.commun.textes import format_jour
from socle.metiers.dossiers.enums import OUVERTS, TERMINES, Canal
from socle.metiers.dossiers.forms import TRIS, FiltreDossiers
from socle.metiers.dossiers.queries.liste import Choix, Filtre
from socle.metiers.dossiers.queries.recherche import Accord, Demande, read_demande
from socle.metiers.dossiers.views.presentation import JOURS_URGENTS

FILTRES = ("q", "demarche", "service", "canal", "du", "au")
GARDES = ("file", *FILTRES, "tri", "exact")
CLES = {"echeance": ("pression", "numero"), "recent": ("depose_le", "numero")}
CLES["ancien"] = CLES["recent"]
CANAUX = dict(Canal.choices)


@dataclass(frozen=True, slots=True)
class Criteres:
    """Une liste demandée.

    Attributes:
        parametres: ceux de l’adresse, nettoyés, sans la page.
        filtre: sans l’accord de la recherche, que la base donne ensuite.
    """

    file: str
    tri: str
    filtre: Filtre
    parametres: QueryDict
    formulaire: FiltreDossiers

    @property
    def cles(self) -> tuple[str, str]:
        return CLES[self.tri]

    @property
    def croissant(self) -> bool:
        return self.tri != "recent"

    @property
    def demande(self) -> Demande:
        return self.filtre.demande

    @property
    def actifs(self) -> list[str]:
        """Filtres posés, hors file et tri."""
        return [nom for nom in FILTRES if self.parametres.get(nom)]

    def accord(self, accord: Accord) -> Filtre:
        """Rend le filtre complété de ce que la base connaît de la recherche."""
        return replace(self.filtre, accord=accord)

    def link(self, **changes: str) -> str:
        """Rend l’adresse de cette liste, changée : une valeur vide ôte le paramètre."""
        parametres = self.parametres.copy()
        for nom, valeur in changes.items():
            parametres.pop(nom, None)
            if valeur:
                parametres[nom] = valeur
        return f"?{parametres.urlencode()}"


def read_criteres(
    adresse: QueryDict, choix: list[Choix], agent_id: int, aujourdhui: date
) -> Criteres:
    """Lit l’adresse ; un filtre illisible est écarté, les autres valent."""
    formulaire = FiltreDossiers(adresse, demarches=choix)
    formulaire.is_valid()
    lus: dict[str, Any] = formulaire.cleaned_data
    file = lus.get("file") or ("tous" if lus.get("q") else "a_traiter")
    exact = adresse.get("exact") == "1"
    filtre = Filtre(
        demarche_id=lus.get("demarche"),
        service_id=lus.get("service"),
        canal=lus.get("canal") or "",
        depose_du=lus.get("du"),
        depose_au=lus.get("au"),
        demande=read_demande(lus.get("q") or ""),
        exact=exact,
        **_list_criteres_de_file(file, agent_id, aujourdhui),
    )
    return Criteres(
        file=file,
        tri=lus.get("tri") or ("recent" if file in ("termines", "tous") else "echeance"),
        filtre=filtre,
        parametres=_clean_parametres(adresse, lus, file, exact),
        formulaire=formulaire,
    )


def _list_criteres_de_file(file: str, agent_id: int, aujourdhui: date) -> dict[str, Any]:
    """Traduit une file (« à traiter », « chez l’usager »…) en critères."""
    files: dict[str, dict[str, Any]] = {
        "a_traiter": {"etats": OUVERTS, "attend_agent": True},
        "bientot": {"etats": OUVERTS, "echeance_avant": compute_bientot(aujourdhui)},
        "chez_usager": {"etats": OUVERTS, "attend_usager": True},
        "suivis": {"etats": OUVERTS, "suivi_par_id": agent_id},
        "termines": {"etats": TERMINES},
        "tous": {},
    }
    return files[file]


def compute_bientot(aujourdhui: date) -> date:
    """Rend le premier jour dont l’échéance n’est pas pressée."""
    return aujourdhui + timedelta(days=JOURS_URGENTS + 1)


def _clean_parametres(adresse: QueryDict, lus: dict[str, Any], file: str, exact: bool) -> QueryDict:
    parametres = QueryDict(mutable=True)
    valeurs = {nom: lus.get(nom) for nom in GARDES} | {"file": file, "exact": "1" if exact else ""}
    for nom, valeur in valeurs.items():
        if valeur:
            parametres[nom] = valeur.isoformat() if isinstance(valeur, date) else str(valeur)
    if adresse.get("taille") in ("50", "100"):
        parametres["taille"] = adresse["taille"]
    return parametres


def build_jetons(criteres: Criteres, choix: list[Choix]) -> list[dict[str, str]]:
    """Rend les filtres posés, chacun avec l’adresse de la liste sans lui."""
    textes = {
        "q": lambda v: f"« {v} »",
        "demarche": lambda v: next((c.titre for c in choix if str(c.pk) == v), v),
        "service": lambda v: next((c.service or v for c in choix if str(c.service_id) == v), v),
        "canal": lambda v: CANAUX.get(v, v),
        "du": lambda v: f"déposés depuis le {_format_jour(v)}",
        "au": lambda v: f"déposés jusqu’au {_format_jour(v)}",
    }
    return [
        {
            "texte": textes[nom](criteres.parametres[nom]),
            "url": criteres.link(**{nom: ""}, exact=""),
        }
        for nom in criteres.actifs
    ]


def build_url_vide(criteres: Criteres) -> str:
    """Rend l’adresse de la même file, sans aucun filtre."""
    return criteres.link(**dict.fromkeys((*FILTRES, "exact"), ""))


def _format_jour(iso: str) -> str:
    jour = parse_date(iso)
    return format_jour(jour) if jour else iso


def describe_tri(tri: str) -> str:
    """Rend l’ordre de la liste en mots, pour la légende du tableau."""
    return TRIS[tri].lower()

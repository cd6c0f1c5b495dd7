"""Ce que la vue apporte au rendu, et ce qu’elle en reçoit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class ContexteRendu:
    """Ce que la vue apporte.

    Attributes:
        url_recalculer: adresse (POST) qui rend la zone à nouveau, appelée quand change un champ
            dont une condition ou un calcul dépend ; vide sans HTMX.
        url_enregistrer: adresse (POST) d’enregistrement automatique des autres champs.
        url_communes: adresse (GET) des suggestions de communes (`formulaires_types/communes.html`).
        annuaire: vrai si un annuaire peut dire le nom et l’adresse d’un SIRET.
        make_url_document: rend l’adresse d’un document joint ou d’un modèle ; None sans lien.
        sources_indisponibles: code de source → pourquoi elle ne peut pas être appelée
            (« Connectez-vous avec FranceConnect pour… »).
    """

    url_recalculer: str = ""
    url_enregistrer: str = ""
    url_communes: str = ""
    annuaire: bool = False
    make_url_document: Callable[[str], str] | None = None
    sources_indisponibles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LienChamp:
    """Une entrée du résumé des erreurs."""

    id: str
    phrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRendue:
    """Une étape prête à insérer dans un gabarit.

    Attributes:
        rang, total: « étape 2 sur 4 », pages visibles seulement.
        resume: résumé des erreurs et des questions apparues ; vide s’il n’y en a pas.
        zone: les champs, dans un `<div id="zone-…">` que HTMX peut remplacer.
        fichiers: vrai si le `<form>` doit être `multipart/form-data`.
        precedente, suivante: identifiants des pages voisines visibles, vides aux bouts.
    """

    id: str
    titre: str
    description: str
    rang: int
    total: int
    resume: SafeString
    zone: SafeString
    erreurs: Sequence[LienChamp]
    fichiers: bool
    precedente: str
    suivante: str


def make_id(chemin: str) -> str:
    """Rend l’identifiant HTML d’un champ : là où mène le résumé des erreurs."""
    return f"champ-{chemin}"

"""L’échéancier en données ouvertes : CSV, JSON et Atom ; le CSV se relit à l’import."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from socle.fondations.commun.flux import EntreeDeFlux
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.queries.lignes import describe_etat, describe_report, format_date
from socle.metiers.echeancier.queries.profils import describe_public

LICENCE = "Licence Ouverte 2.0"
COLONNES = (
    "slug", "nature", "titre", "court", "resume", "texte", "etapes", "ministere", "reference",
    "lien", "reserve", "theme", "surete", "debut", "jour", "jour_texte", "publics", "precision",
    "territoires", "liens",
)  # fmt: skip
SEPARATEUR = " | "


def iter_lignes_csv(obligations: Iterable[Obligation]) -> Iterator[Sequence[Any]]:
    """Rend l’en-tête puis une ligne par obligation, aux colonnes que l’import comprend."""
    yield COLONNES
    for obligation in obligations:
        listes = {
            "etapes": SEPARATEUR.join(obligation.etapes),
            "publics": SEPARATEUR.join(write_publics(obligation)),
            "territoires": SEPARATEUR.join(obligation.territoires),
            "liens": SEPARATEUR.join(obligation.liens),
        }
        yield [_write(listes.get(nom, getattr(obligation, nom, ""))) for nom in COLONNES]


def write_publics(obligation: Obligation) -> list[str]:
    """Rend « commune:3500- », « epci », « commune:1000-3499 »."""
    textes = []
    for public in obligation.publics.all():
        basse, haute = public.population_min, public.population_max
        bornes = f":{basse or 0}-{haute or ''}" if basse or haute is not None else ""
        textes.append(f"{public.genre}{bornes}")
    return textes


def build_json(obligations: Iterable[Obligation], aujourdhui: date) -> dict[str, Any]:
    """Rend les obligations en clair, avec leur état du jour."""
    return {
        "licence": LICENCE,
        "source": settings.ADRESSE + reverse("echeancier:liste"),
        "date": aujourdhui.isoformat(),
        "echeances": [_build_objet(obligation, aujourdhui) for obligation in obligations],
    }


def _build_objet(obligation: Obligation, aujourdhui: date) -> dict[str, Any]:
    return {
        "identifiant": obligation.slug,
        "url": settings.ADRESSE + reverse("echeancier:fiche", args=[obligation.slug]),
        "nature": obligation.nature,
        "titre": obligation.titre,
        "a_faire": obligation.resume,
        "etapes": obligation.etapes,
        "ministere": obligation.ministere,
        "texte": {"reference": obligation.reference, "lien": obligation.lien},
        "theme": obligation.theme,
        "debut": _write(obligation.debut) or None,
        "jour": _write(obligation.jour) or None,
        "date_en_mots": format_date(obligation),
        "surete": obligation.surete,
        "etat": describe_etat(obligation, aujourdhui).label,
        "premiere_date": _write(obligation.ancien_jour) or None,
        "reserve": obligation.reserve,
        "public": describe_public(obligation),
        "publics": write_publics(obligation),
        "territoires": obligation.territoires,
        "aides": obligation.liens,
        "modifie_le": obligation.modifie_le.isoformat(),
    }


def list_entrees(obligations: Sequence[Obligation]) -> list[EntreeDeFlux]:
    """Rend les entrées du flux Atom : la date est dans le titre, et son report s’il y en a un."""
    return [_build_entree(obligation) for obligation in obligations]


def _build_entree(obligation: Obligation) -> EntreeDeFlux:
    report = describe_report(obligation)
    quand = format_date(obligation) + (f", {report}" if report else "")
    return EntreeDeFlux(
        titre=f"{obligation.titre} : {quand}",
        chemin=reverse("echeancier:fiche", args=[obligation.slug]),
        resume=f"{obligation.resume} {describe_public(obligation)}. {obligation.reference}",
        publie_le=obligation.cree_le,
        modifie_le=obligation.modifie_le,
        themes=(obligation.get_theme_display(),),
    )


def _write(valeur: Any) -> Any:
    if valeur is None:
        return ""
    return valeur.isoformat() if isinstance(valeur, date) else valeur

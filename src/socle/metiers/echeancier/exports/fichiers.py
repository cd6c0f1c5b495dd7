"""L’échéancier en données ouvertes : CSV, JSON et Atom ; le CSV se relit à l’import."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

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


def build_atom(obligations: Sequence[Obligation], *, titre: str, adresse: str) -> str:
    """Rend le flux Atom des dernières obligations changées."""
    flux = Atom1Feed(
        title=titre,
        link=settings.ADRESSE + reverse("echeancier:liste") + adresse,
        description="Ce que la loi demande aux collectivités, et quand.",
        language="fr",
        feed_url=settings.ADRESSE + reverse("echeancier:atom") + adresse,
        author_name=settings.NOM_INSTALLATION,
    )
    for obligation in obligations:
        url = settings.ADRESSE + reverse("echeancier:fiche", args=[obligation.slug])
        report = describe_report(obligation)
        quand = format_date(obligation) + (f", {report}" if report else "")
        flux.add_item(
            title=f"{obligation.titre} : {quand}",
            link=url,
            unique_id=url,
            description=" ".join(
                (obligation.resume, f"{describe_public(obligation)}.", obligation.reference)
            ),
            pubdate=obligation.cree_le,
            updateddate=obligation.modifie_le,
            categories=[obligation.get_theme_display()],
        )
    return str(flux.writeString("utf-8"))


def _write(valeur: Any) -> Any:
    if valeur is None:
        return ""
    return valeur.isoformat() if isinstance(valeur, date) else valeur

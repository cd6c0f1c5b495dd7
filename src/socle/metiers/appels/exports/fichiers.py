"""Les appels en données ouvertes : CSV, JSON et Atom ; le CSV et le JSON se relisent à l’import."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from socle.metiers.appels.models import Appel
from socle.metiers.appels.queries.lignes import describe_public, describe_report, format_cloture

LICENCE = "Licence Ouverte 2.0"
COLONNES = (
    "slug", "etat", "titre", "organisateur", "genre", "resume", "texte", "themes", "territoires",
    "genres", "population_min", "population_max", "qui", "comment", "montant_min", "montant_max",
    "enveloppe", "taux", "lien", "contact", "source", "verifie_le", "ouverture", "surete",
    "cloture", "cloture_texte", "liens", "url",
)  # fmt: skip
SEPARATEUR = " | "


def iter_lignes_csv(appels: Iterable[Appel]) -> Iterator[Sequence[Any]]:
    """Rend l’en-tête puis une ligne par appel, aux colonnes que l’import comprend."""
    yield COLONNES
    for appel in appels:
        objet = describe(appel)
        yield [_write_case(objet[nom]) for nom in COLONNES]


def build_json(appels: Iterable[Appel], aujourdhui: date) -> dict[str, Any]:
    """Rend les appels du filtre, au jour dit."""
    return {
        "licence": LICENCE,
        "source": settings.ADRESSE + reverse("appels:liste"),
        "date": aujourdhui.isoformat(),
        "appels": [describe(appel) for appel in appels],
    }


def describe(appel: Appel) -> dict[str, Any]:
    """Rend toutes les colonnes d’un appel, en valeurs simples."""
    adresse = {"url": settings.ADRESSE + reverse("appels:fiche", args=[appel.slug])}
    return {nom: adresse.get(nom) or _write(getattr(appel, nom, "")) for nom in COLONNES}


def build_atom(appels: Sequence[Appel], *, adresse: str) -> str:
    """Rend le flux Atom des derniers appels relayés."""
    flux = Atom1Feed(
        title="Appels relayés aux collectivités",
        link=settings.ADRESSE + reverse("appels:liste") + adresse,
        description="Appels à projets, subventions et formations, par territoire et par thème.",
        language="fr",
        feed_url=settings.ADRESSE + reverse("appels:atom") + adresse,
        author_name=settings.NOM_INSTALLATION,
    )
    for appel in appels:
        url = settings.ADRESSE + reverse("appels:fiche", args=[appel.slug])
        report = describe_report(appel)
        flux.add_item(
            title=f"{appel.titre} ({appel.organisateur})",
            link=url,
            unique_id=url,
            description=" ".join(
                (
                    f"{format_cloture(appel)}{f', {report}' if report else ''}.",
                    appel.resume,
                    f"{describe_public(appel)}.",
                )
            ),
            pubdate=appel.relaye_le,
            updateddate=appel.modifie_le,
            categories=[appel.get_genre_display()],
        )
    return str(flux.writeString("utf-8"))


def _write(valeur: Any) -> Any:
    if isinstance(valeur, date):
        return valeur.isoformat()
    return str(valeur) if isinstance(valeur, Decimal) else valeur


def _write_case(valeur: Any) -> Any:
    if valeur is None:
        return ""
    return SEPARATEUR.join(valeur) if isinstance(valeur, list) else valeur

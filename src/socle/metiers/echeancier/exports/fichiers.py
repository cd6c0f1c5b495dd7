"""L’échéancier en données ouvertes : CSV, JSON et Atom ; le CSV se relit à l’import."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from json.encoder import encode_basestring as _quote
from typing import Any

from django.conf import settings
from django.urls import reverse

from socle.fondations.commun.flux import EntreeDeFlux
from socle.fondations.commun.tableur import iter_csv, iter_lignes_csv
from socle.metiers.echeancier.exports.lignes import Lignes, Publics
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.queries.lignes import (
    MODELE,
    describe_etat,
    describe_report,
    format_date,
)
from socle.metiers.echeancier.queries.obligations import Criteres
from socle.metiers.echeancier.queries.profils import Public, describe_concernes, describe_public

LICENCE = "Licence Ouverte 2.0"
COLONNES = (
    "slug", "nature", "titre", "court", "resume", "texte", "etapes", "ministere", "reference",
    "lien", "reserve", "theme", "surete", "debut", "jour", "jour_texte", "publics", "precision",
    "territoires", "liens",
)  # fmt: skip
EN_CSV = ("pk", *(nom for nom in COLONNES if nom != "publics"))
EN_JSON = (
    "pk", "slug", "nature", "titre", "resume", "etapes", "ministere", "reference", "lien", "theme",
    "debut", "jour", "jour_texte", "surete", "etat", "ancien_jour", "reserve", "precision",
    "territoires", "liens", "changee",
)  # fmt: skip
SEPARATEUR = " | "


def write_csv(criteres: Criteres, aujourdhui: date) -> bytes:
    """Rend l’en-tête puis une ligne par obligation, aux colonnes que l’import comprend."""
    entete = b"".join(iter_csv([COLONNES]))
    return entete + b"".join(_lignes_csv.read(criteres, aujourdhui))


def _write_lignes_csv(lues: Sequence[Any], publics: Publics, aujourdhui: date) -> Iterator[bytes]:
    lignes = (
        (
            lue.slug, lue.nature, lue.titre, lue.court, lue.resume, lue.texte,
            SEPARATEUR.join(lue.etapes), lue.ministere, lue.reference, lue.lien, lue.reserve,
            lue.theme, lue.surete, _write(lue.debut), _write(lue.jour), lue.jour_texte,
            SEPARATEUR.join(write_publics(publics.get(lue.pk, ()))), lue.precision,
            SEPARATEUR.join(lue.territoires), SEPARATEUR.join(lue.liens),
        )
        for lue in lues
    )  # fmt: skip
    return map(str.encode, iter_lignes_csv(lignes))


def write_publics(publics: Iterable[Public]) -> list[str]:
    """Rend « commune:3500- », « epci », « commune:1000-3499 »."""
    return [
        f"{genre}:{basse or 0}-{haute or ''}" if basse or haute is not None else genre
        for genre, basse, haute in publics
    ]


def write_json(criteres: Criteres, aujourdhui: date) -> bytes:
    """Rend le fichier JSON des obligations, en clair, avec leur état du jour."""
    source = settings.ADRESSE + reverse("echeancier:liste")
    tete = (
        f'{{"licence": {_quote(LICENCE)}, "source": {_quote(source)}, '
        f'"date": "{aujourdhui.isoformat()}", "echeances": ['
    )
    return tete.encode() + b", ".join(_objets_json.read(criteres, aujourdhui)) + b"]}"


def _write_objets(lues: Sequence[Any], publics: Publics, aujourdhui: date) -> Iterator[bytes]:
    """Écrit ligne à ligne : passer par des dictionnaires prendrait deux fois plus de temps."""
    adresse = _quote(settings.ADRESSE + reverse("echeancier:fiche", args=[MODELE])).split(MODELE)
    for lue in lues:
        url = lue.slug.join(adresse)
        yield _write_objet(lue, publics.get(lue.pk, ()), aujourdhui, url).encode()


def _write_objet(lue: Any, publics: Sequence[Public], aujourdhui: date, url: str) -> str:
    """Écrit un objet ; un slug, un code et un jour n’ont rien à protéger."""
    public = describe_concernes(publics, lue.territoires, lue.precision)
    return (
        f'{{"identifiant": "{lue.slug}", "url": {url}, "nature": "{lue.nature}", '
        f'"titre": {_quote(lue.titre)}, "a_faire": {_quote(lue.resume)}, '
        f'"etapes": {_quote_liste(lue.etapes)}, "ministere": {_quote(lue.ministere)}, "texte": '
        f'{{"reference": {_quote(lue.reference)}, "lien": {_quote(lue.lien)}}}, '
        f'"theme": "{lue.theme}", "debut": {_quote_jour(lue.debut)}, '
        f'"jour": {_quote_jour(lue.jour)}, "date_en_mots": {_quote(format_date(lue))}, '
        f'"surete": "{lue.surete}", "etat": "{describe_etat(lue, aujourdhui).label}", '
        f'"premiere_date": {_quote_jour(lue.ancien_jour)}, "reserve": {_quote(lue.reserve)}, '
        f'"public": {_quote(public)}, "publics": {_quote_publics(publics)}, '
        f'"territoires": {_quote_liste(lue.territoires)}, "aides": {_quote_liste(lue.liens)}, '
        f'"modifie_le": "{datetime.fromisoformat(lue.changee).isoformat()}"}}'
    )


def _quote_liste(valeurs: list[str]) -> str:
    return f"[{', '.join(map(_quote, valeurs))}]" if valeurs else "[]"


def _quote_publics(publics: Sequence[Public]) -> str:
    codes = '", "'.join(write_publics(publics))
    return f'["{codes}"]' if publics else "[]"


def _quote_jour(jour: date | None) -> str:
    return f'"{jour.isoformat()}"' if jour else "null"


_lignes_csv = Lignes(EN_CSV, _write_lignes_csv)
_objets_json = Lignes(EN_JSON, _write_objets)


def list_entrees(obligations: Sequence[Obligation]) -> list[EntreeDeFlux]:
    """Rend les entrées du flux Atom : la date est dans le titre, et son report s’il y en a un."""
    return [_build_entree(obligation) for obligation in obligations]


def _build_entree(obligation: Obligation) -> EntreeDeFlux:
    report = describe_report(obligation)
    quand = format_date(obligation) + (f", {report}" if report else "")
    return EntreeDeFlux(
        titre=f"{obligation.titre} : {quand}",
        chemin=reverse("echeancier:fiche", args=[obligation.slug]),
        resume=f"{obligation.resume} {describe_public(obligation)}. {obligation.reference}",
        publie_le=obligation.cree_le,
        modifie_le=obligation.modifie_le,
        themes=(obligation.get_theme_display(),),
    )


def _write(jour: date | None) -> str:
    return jour.isoformat() if jour else ""

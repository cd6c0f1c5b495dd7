"""Verbe de `./socle normes dcat` : écrire."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from socle.normes.dcat.composition import Empreintes
from socle.normes.dcat.ecriture import FORMATS, write_catalogue, write_pages
from socle.normes.dcat.errors import CatalogueInvalide, DescriptionIllisible
from socle.normes.dcat.lecture import TAILLE_MAX, read_catalogue
from socle.normes.dcat.modele import Catalogue
from socle.normes.dcat.validation import Anomalie
from socle.serveur.arguments import Analyseur
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat, Verbe


def run_ecrire(options: Any, avance: Avance) -> Resultat:
    """Contrôle une description, puis écrit le catalogue à côté."""
    avance("Lecture de la description…")
    with options.fichier.open("rb") as flux:
        octets = flux.read(TAILLE_MAX + 1)
    try:
        catalogue, anomalies = read_catalogue(octets, aujourd_hui=_read_jour())
    except DescriptionIllisible as refus:
        raise Inutilisable(str(refus), code="illisible") from refus
    resultat = build_resultat(catalogue, anomalies, options.fichier)
    if resultat.valide:
        avance("Écriture…")
        ecrits = [str(chemin) for chemin in _write(catalogue, options)]
        resultat.phrases.append(f"Écrit dans {', '.join(ecrits)}.")
        resultat.objet = {**resultat.objet, "sorties": ecrits}
    return resultat


def build_resultat(catalogue: Catalogue, anomalies: list[Anomalie], fichier: Path) -> Resultat:
    """Met les anomalies en phrases."""
    fautes = [anomalie for anomalie in anomalies if anomalie.bloque]
    notes = [anomalie for anomalie in anomalies if not anomalie.bloque]
    nombres = (
        f"{_count(len(catalogue.jeux), 'jeu', 'x')}, {_count(len(catalogue.services), 'service')}"
    )
    verdict = (
        f"{_count(len(fautes), 'erreur')} sur {nombres}." if fautes else f"Conforme : {nombres}."
    )
    return Resultat(
        objet={
            "norme": "dcat",
            "fichier": fichier.name,
            "valide": not fautes,
            "erreurs": [anomalie.to_json() for anomalie in fautes],
            "avertissements": [anomalie.to_json() for anomalie in notes],
            "statistiques": {
                "jeux": len(catalogue.jeux),
                "distributions": sum(len(jeu.distributions) for jeu in catalogue.jeux),
                "services": len(catalogue.services),
            },
        },
        valide=not fautes,
        phrases=[verdict],
        fautes=[(a.champ or "Catalogue", a.code, a.message) for a in fautes],
        notes=[(a.champ or "Catalogue", a.code, a.message) for a in notes],
    )


def _write(catalogue: Catalogue, options: Any) -> Iterator[Path]:
    suffixe = FORMATS[options.format].suffixe
    sortie = options.sortie or options.fichier.with_suffix(suffixe)
    commun = {"format": options.format, "empreintes": Empreintes(options.empreintes)}
    if not options.par_page:
        yield _save(sortie, options.fichier, write_catalogue(catalogue, **commun))
        return
    adresse = _build_adresse(options.adresse or f"{catalogue.uri}-{{page}}{suffixe}")
    pages = write_pages(catalogue, par_page=options.par_page, adresse=adresse, **commun)
    try:
        for rang, octets in enumerate(pages, 1):
            yield _save(sortie.with_stem(f"{sortie.stem}-{rang}"), options.fichier, octets)
    except CatalogueInvalide as refus:
        raise Inutilisable(str(refus.anomalies[0]), code="usage") from refus


def _save(chemin: Path, original: Path, octets: bytes) -> Path:
    if chemin.exists() and chemin.samefile(original):
        raise Inutilisable("Donnez à --sortie un autre nom : l’original n’est jamais remplacé.")
    chemin.write_bytes(octets)
    return chemin


def _build_adresse(modele: str) -> Callable[[int], str]:
    if "{page}" not in modele:
        raise Inutilisable("Mettez {page} dans --adresse, là où va le numéro.", code="usage")
    return lambda rang: modele.replace("{page}", str(rang))


def _count(nombre: int, nom: str, pluriel: str = "s") -> str:
    return f"{nombre} {nom}{pluriel if nombre > 1 else ''}"


def _read_jour() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/Paris")).date()  # noqa: TID251  une commande


def _read_par_page(texte: str) -> int:
    nombre = int(texte)
    if not 1 <= nombre <= 10_000:
        raise ValueError(texte)
    return nombre


def _prepare(analyseur: Analyseur) -> None:
    analyseur.add_argument(
        "--format", choices=list(FORMATS), default="turtle", help="turtle, sinon jsonld ou rdfxml"
    )
    analyseur.add_argument("--sortie", type=Path, metavar="FICHIER", help="fichier à écrire")
    analyseur.add_argument(
        "--par-page", type=_read_par_page, default=0, metavar="N", help="jeux par page ; tout sinon"
    )
    analyseur.add_argument(
        "--adresse", metavar="MODELE", help="adresse publique des pages, avec {page}"
    )
    analyseur.add_argument(
        "--empreintes", choices=[str(e) for e in Empreintes], default="prudentes",
        help="comment écrire les empreintes des fichiers",
    )  # fmt: skip


VERBES = {
    "ecrire": Verbe("écrit un catalogue DCAT d’après sa description", run_ecrire, _prepare,
                    "description JSON du catalogue"),
}  # fmt: skip

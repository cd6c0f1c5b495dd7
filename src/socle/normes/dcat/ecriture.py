"""Écrire un catalogue, entier ou page par page : mêmes octets pour le même catalogue."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from socle.normes.dcat import jsonld, rdfxml, turtle
from socle.normes.dcat.composition import Empreintes, compose
from socle.normes.dcat.errors import CatalogueInvalide
from socle.normes.dcat.graphe import Noeud
from socle.normes.dcat.modele import Catalogue
from socle.normes.dcat.pages import paginate
from socle.normes.dcat.validation import check_adresse, check_catalogue


@dataclass(frozen=True, slots=True)
class Format:
    """Une façon d’écrire ; `suffixe` est celui que les moissonneurs reconnaissent."""

    write: Callable[[Iterable[Noeud]], Iterator[str]]
    type_mime: str
    suffixe: str


FORMATS = {
    "turtle": Format(turtle.write_turtle, turtle.TYPE_MIME, turtle.SUFFIXE),
    "jsonld": Format(jsonld.write_jsonld, jsonld.TYPE_MIME, jsonld.SUFFIXE),
    "rdfxml": Format(rdfxml.write_rdfxml, rdfxml.TYPE_MIME, rdfxml.SUFFIXE),
}


def write_catalogue(
    catalogue: Catalogue,
    *,
    format: str = "turtle",  # noqa: A002
    empreintes: Empreintes = Empreintes.PRUDENTES,
) -> bytes:
    """Rend tout le catalogue, UTF-8.

    Args:
        format: une clé de `FORMATS`.
        empreintes: voir `Empreintes`.

    Raises:
        CatalogueInvalide: le catalogue n’est pas conforme ; porte les anomalies.
    """
    _check(catalogue)
    return _join(FORMATS[format], compose(catalogue, empreintes=empreintes))


def write_pages(
    catalogue: Catalogue,
    *,
    par_page: int,
    adresse: Callable[[int], str],
    format: str = "turtle",  # noqa: A002
    empreintes: Empreintes = Empreintes.PRUDENTES,
) -> Iterator[bytes]:
    """Rend les pages du catalogue l’une après l’autre ; chacune se lit seule.

    Args:
        par_page: jeux par page.
        adresse: rend l’adresse publique d’une page, à partir de 1.

    Raises:
        CatalogueInvalide: avant la première page, si le catalogue n’est pas conforme.
    """
    _check(catalogue)
    pages = paginate(catalogue, par_page=par_page, adresse=adresse)
    erreurs = [a for page in pages for a in check_adresse("adresse des pages", page.adresse)]
    if erreurs:
        raise CatalogueInvalide(erreurs)
    for page in pages:
        noeuds = compose(catalogue, page, empreintes=empreintes)
        yield _join(FORMATS[format], noeuds)


def _join(forme: Format, noeuds: Iterable[Noeud]) -> bytes:
    """Encode morceau par morceau : le texte entier n’est jamais en mémoire, ni le graphe."""
    return b"".join(morceau.encode() for morceau in forme.write(noeuds))


def _check(catalogue: Catalogue) -> None:
    erreurs = [anomalie for anomalie in check_catalogue(catalogue) if anomalie.bloque]
    if erreurs:
        raise CatalogueInvalide(erreurs)

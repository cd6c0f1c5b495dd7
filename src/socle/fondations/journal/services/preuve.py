"""Faire un dossier de preuve : rassembler entrées scellées, chemins et points signés."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from typing import BinaryIO
from uuid import UUID

from django.db import connection

from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.journal.errors import RienDeScelle
from socle.fondations.journal.models import INSTALLATION, Entree, Jeton, Tete
from socle.fondations.journal.queries import open_sommet, open_tuiles
from socle.fondations.journal.services.cles import load_signataire
from socle.normes.preuve.archive import Source, clean_nom
from socle.normes.preuve.dossier import write_dossier_de_preuve
from socle.normes.preuve.engagements import derive_sel, is_engagement
from socle.normes.preuve.notes import ClePublique
from socle.normes.preuve.pieces import (
    ENTREES_MAX,
    ContenuPreuve,
    DocumentProuve,
    EntreeProuvee,
    TeteProuvee,
    encode_tete,
)

# Lot et rang de chaque entrée : les lots se suivent, et l’ordre dans un lot est (xid, id).
_PLACES = """
SELECT e.id, t.indice, t.debut + (
  SELECT count(*) FROM journal_entree f
  WHERE f.collectivite_id = e.collectivite_id AND f.systeme = e.systeme
    AND f.xid >= l.xid_debut AND f.xid < l.xid_fin AND (f.xid, f.id) < (e.xid, e.id)
)
FROM journal_entree e
JOIN LATERAL (
  SELECT * FROM journal_lot l WHERE l.systeme = e.systeme AND l.xid_fin > e.xid
  ORDER BY l.xid_fin LIMIT 1
) l ON l.xid_debut <= e.xid
JOIN journal_tete t ON t.lot_id = l.id AND t.collectivite_id = e.collectivite_id
WHERE e.collectivite_id = %s AND e.objet = ANY(%s)
"""


@dataclass(frozen=True)
class _Place:
    tete: int
    rang: int


def build_preuve(
    *,
    objets: Sequence[str],
    documents: Iterable[tuple[str, Source]],
    collectivite_id: int | None,
    sels: Mapping[str, bytes],
    maintenant: datetime,
) -> bytes:
    """Fait le dossier de preuve d’un ou plusieurs objets, en mémoire.

    Seules les entrées déjà scellées y entrent ; le sommaire dit combien n’y sont pas encore.

    Args:
        objets: références, « dossier:44171 ».
        documents: (nom, octets ou chemin). Chacun est rattaché de lui-même à l’entrée qui
            l’atteste : par `donnees["sha256"]`, ou par un engagement que son sel ouvre.
        collectivite_id: collectivité, ou None pour l’installation.
        sels: objet → sel de l’objet (32 octets). Seuls les sels dérivés des engagements ouverts
            entrent dans le dossier.

    Raises:
        RienDeScelle: aucune entrée de ces objets n’est scellée.
        PreuveInvalide: plus de 5 000 entrées, ou plus de 2 Gio.
    """
    sortie = io.BytesIO()
    write_preuve(
        sortie,
        objets=objets,
        documents=documents,
        collectivite_id=collectivite_id,
        sels=sels,
        maintenant=maintenant,
    )
    return sortie.getvalue()


def write_preuve(
    sortie: BinaryIO,
    *,
    objets: Sequence[str],
    documents: Iterable[tuple[str, Source]],
    collectivite_id: int | None,
    sels: Mapping[str, bytes],
    maintenant: datetime,
) -> int:
    """Comme `build_preuve`, dans un flux : un document donné par son chemin est lu à mesure."""
    signataire = load_signataire(maintenant=maintenant)
    journal = INSTALLATION if collectivite_id is None else collectivite_id
    contexte = operateur() if journal == INSTALLATION else locataire(journal)
    with contexte:
        contenu, cles = _collect(journal, objets, documents, sels)
    return write_dossier_de_preuve(
        sortie, contenu, signataire=signataire, cles=cles, maintenant=maintenant
    )


def _collect(
    journal: int,
    objets: Sequence[str],
    documents: Iterable[tuple[str, Source]],
    sels: Mapping[str, bytes],
) -> tuple[ContenuPreuve, list[ClePublique]]:
    toutes = Entree.objects.filter(collectivite_id=journal, objet__in=objets)
    entrees = list(toutes.order_by("survenu_le", "id")[: ENTREES_MAX + 1])
    places = _find_places(journal, objets)
    scellees = [entree for entree in entrees if entree.id in places]
    if not scellees:
        raise RienDeScelle
    tetes = _list_tetes(journal, {place.tete for place in places.values()})
    arbre = open_tuiles(journal)
    tailles = {tete.indice: tete.taille for tete in tetes}
    rangs = {tete.indice: rang for rang, tete in enumerate(tetes, 1)}
    prouvees = []
    for entree in scellees:
        place = places[entree.id]
        chemin = arbre.build_inclusion(place.rang, tailles[place.tete])
        prouvees.append(EntreeProuvee(entree.contenu, rangs[place.tete], place.rang, chemin))
    contenu = ContenuPreuve(
        collectivite=journal,
        objets=sorted({entree.objet for entree in scellees}),
        entrees=prouvees,
        tetes=_prove_tetes(journal, tetes),
        documents=_link_documents(documents, scellees, sels),
        en_attente=len(entrees) - len(scellees),
    )
    return contenu, [ClePublique.from_texte(tete.lot.cle) for tete in tetes]


def _find_places(journal: int, objets: Sequence[str]) -> dict[UUID, _Place]:
    with connection.cursor() as curseur:
        curseur.execute(_PLACES, [journal, list(objets)])
        return {pk: _Place(tete, rang) for pk, tete, rang in curseur.fetchall()}


def _list_tetes(journal: int, indices: set[int]) -> list[Tete]:
    """Têtes qui scellent les entrées, et la dernière du journal, à quoi tout se rattache."""
    toutes = Tete.objects.filter(collectivite_id=journal)
    derniere = toutes.order_by("-taille").values_list("indice", flat=True)[0]
    choisies = toutes.filter(indice__in=indices | {derniere})
    return list(choisies.select_related("lot").order_by("indice"))


def _prove_tetes(journal: int, tetes: Sequence[Tete]) -> list[TeteProuvee]:
    arbre, sommet, derniere = open_tuiles(journal), open_sommet(), tetes[-1]
    lots = [tete.lot_id for tete in tetes]
    jetons = dict(Jeton.objects.filter(lot_id__in=lots).values_list("lot_id", "reponse"))
    return [
        TeteProuvee(
            contenu=encode_tete(
                collectivite=journal, taille=tete.taille, racine=bytes(tete.racine)
            ),
            indice=tete.indice,
            chemin=sommet.build_inclusion(tete.indice, tete.lot.taille),
            note=bytes(tete.lot.note),
            coherence_tete=arbre.build_coherence(tete.taille, derniere.taille),
            coherence_point=sommet.build_coherence(tete.lot.taille, derniere.lot.taille),
            jeton=bytes(jetons.get(tete.lot_id, b"")),
        )
        for tete in tetes
    ]


def _link_documents(
    documents: Iterable[tuple[str, Source]],
    entrees: Sequence[Entree],
    sels: Mapping[str, bytes],
) -> list[DocumentProuve]:
    pris: set[str] = set()
    return [
        _link_document(_choose_nom(nom, pris), source, entrees, sels) for nom, source in documents
    ]


def _link_document(
    nom: str, source: Source, entrees: Sequence[Entree], sels: Mapping[str, bytes]
) -> DocumentProuve:
    """Cherche l’entrée qui atteste le document, en clair ou sous engagement."""
    empreinte = _hash_source(source)
    for rang, entree in enumerate(entrees, 1):
        if entree.donnees.get("sha256") == empreinte.hex():
            return DocumentProuve(nom, source, rang)
        if entree.objet not in sels:
            continue
        for engagement, valeur in entree.engagements.items():
            sel = derive_sel(sels[entree.objet], engagement)
            if is_engagement(valeur, sel, empreinte):
                return DocumentProuve(nom, source, rang, engagement, sel)
    return DocumentProuve(nom, source)


def _choose_nom(nom: str, pris: set[str]) -> str:
    """Nom acceptable dans une archive, et différent des autres même sans les majuscules."""
    propre = clean_nom(nom)
    souche, point, extension = propre.rpartition(".")
    if not souche:
        souche, point, extension = propre, "", ""
    essai, numero = propre, 1
    while essai.casefold() in pris:
        numero += 1
        essai = f"{souche} ({numero}){point}{extension}"
    pris.add(essai.casefold())
    return essai


def _hash_source(source: Source) -> bytes:
    if isinstance(source, bytes):
        return sha256(source).digest()
    with source.open("rb") as flux:
        return file_digest(flux, "sha256").digest()

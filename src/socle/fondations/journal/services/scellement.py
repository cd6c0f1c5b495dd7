"""Sceller : une fois par minute, les entrées entrent dans les arbres, et le sommet est signé.

Une entrée n’est scellée que si sa transaction, et toutes celles d’avant, sont finies : on prend
celles dont le numéro de transaction est sous `pg_snapshot_xmin(pg_current_snapshot())`. Aucune
entrée ne peut donc apparaître plus tard derrière la borne et être oubliée. Les numéros de
transaction repartent de zéro dans une autre instance de PostgreSQL : `systeme` la désigne, et les
entrées venues d’une sauvegarde sont scellées à part, avant les autres.

Un lot de 100 000 entrées prend moins d’une seconde : la base rend les empreintes agrégées, et les
lignes produites repartent en une instruction par table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Arbre, Lot
from socle.fondations.journal.queries import get_dernier_lot, open_sommet
from socle.fondations.journal.services.bifurcation import check_bifurcation, read_origine
from socle.fondations.journal.services.cles import load_signataire
from socle.fondations.journal.services.temoin import write_temoin
from socle.normes.preuve.bord import Bord, split_empreintes
from socle.normes.preuve.merkle import hash_feuille
from socle.normes.preuve.notes import Signataire
from socle.normes.preuve.pieces import encode_tete
from socle.normes.preuve.points import PointDeControle

ENTREES_PAR_LOT = 200_000
LOTS_PAR_PASSAGE = 50
VERROU = 0x50726575  # « Preu » : un seul scellement à la fois
Ligne = tuple[Any, ...]


class Segment(NamedTuple):
    """Transactions à sceller : de `debut` (comprise) à `fin` (exclue) d’un système."""

    systeme: int
    debut: int
    fin: int


@dataclass
class _Recolte:
    """Lignes à écrire, table par table."""

    tetes: list[Ligne] = field(default_factory=list)
    arbres: list[Ligne] = field(default_factory=list)
    noeuds: list[Ligne] = field(default_factory=list)
    sommet: list[Ligne] = field(default_factory=list)
    entrees: int = 0


def seal_journal(*, maintenant: datetime) -> list[Lot]:
    """Scelle tout ce qui peut l’être et rend les lots faits (aucun s’il n’y a rien).

    À appeler hors transaction : celle qui a écrit une entrée la retient. Un second appel au même
    moment ne fait rien.
    """
    signataire = load_signataire(maintenant=maintenant)
    check_bifurcation(signataire, maintenant=maintenant)
    lots: list[Lot] = []
    while len(lots) < LOTS_PAR_PASSAGE:
        lot = _seal_lot(signataire, maintenant)
        if lot is None:
            break
        write_temoin(bytes(lot.note))
        lots.append(lot)
    return lots


def _seal_lot(signataire: Signataire, maintenant: datetime) -> Lot | None:
    with operateur():
        if not _read("SELECT pg_try_advisory_xact_lock(%s)", [VERROU])[0]:
            return None
        segment = next(_iter_segments(), None)
        if segment is None:
            return None
        recolte = _grow_arbres(segment)
        precedent = get_dernier_lot()
        sommet = _grow_sommet(precedent.taille if precedent else 0, recolte)
        origine = read_origine(signataire.nom)
        point = PointDeControle(origine, sommet.taille, sommet.racine)
        lot = Lot.objects.create(
            scelle_le=maintenant,
            systeme=segment.systeme,
            xid_debut=segment.debut,
            xid_fin=segment.fin,
            entrees=recolte.entrees,
            origine=origine,
            taille=sommet.taille,
            note=point.sign(signataire),
            cle=signataire.cle_publique.to_texte(),
        )
        _write_recolte(recolte, lot)
        return lot


def _iter_segments() -> Iterator[Segment]:
    """Ce qui reste à sceller, borné à `ENTREES_PAR_LOT` : d’abord ce qui vient d’ailleurs."""
    courant, borne = _read(
        "SELECT (pg_control_system()).system_identifier,"
        " pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    )
    if not Lot.objects.filter(systeme=courant).exists():
        for systeme, derniere in _fetch(
            "SELECT systeme, max(xid) FROM journal_entree WHERE systeme <> %s GROUP BY 1", [courant]
        ):
            yield from _cut_segment(systeme, derniere + 1)
    yield from _cut_segment(courant, borne)


def _cut_segment(systeme: int, borne: int) -> Iterator[Segment]:
    dernier = Lot.objects.filter(systeme=systeme).order_by("-xid_fin").first()
    debut = dernier.xid_fin if dernier else 0
    bornes = [systeme, debut, borne]
    ou = "FROM journal_entree WHERE systeme = %s AND xid >= %s AND xid < %s"
    premiere = _fetch(f"SELECT xid {ou} ORDER BY xid LIMIT 1", bornes)
    if not premiere:
        return
    suivante = _fetch(f"SELECT xid {ou} ORDER BY xid OFFSET %s LIMIT 1", [*bornes, ENTREES_PAR_LOT])
    fin = max(suivante[0][0], premiere[0][0] + 1) if suivante else borne
    yield Segment(systeme, debut, fin)


def _grow_arbres(segment: Segment) -> _Recolte:
    """Ajoute les entrées du segment à l’arbre de chaque collectivité concernée."""
    groupes = _fetch(
        "SELECT collectivite_id, string_agg(empreinte, ''::bytea ORDER BY xid, id)"
        " FROM journal_entree WHERE systeme = %s AND xid >= %s AND xid < %s"
        " GROUP BY collectivite_id ORDER BY collectivite_id",
        list(segment),
    )
    bords = Arbre.objects.in_bulk([collectivite for collectivite, _ in groupes])
    recolte = _Recolte()
    for collectivite, octets in groupes:
        arbre = bords.get(collectivite)
        bord = Bord.from_octets(arbre.taille, bytes(arbre.bord)) if arbre else Bord()
        debut = bord.taille
        conserves = bord.extend(split_empreintes(bytes(octets)))
        recolte.noeuds += [(collectivite, *noeud) for noeud in conserves]
        recolte.arbres.append((collectivite, bord.taille, bord.to_octets()))
        recolte.tetes.append((collectivite, debut, bord.taille, bord.racine))
        recolte.entrees += bord.taille - debut
    return recolte


def _grow_sommet(taille: int, recolte: _Recolte) -> Bord:
    """Ajoute les têtes du lot à l’arbre du sommet."""
    sommet = open_sommet()
    bord = Bord(
        taille,
        [sommet.read_noeud(niveau, indice) for niveau, indice in _list_sommets(taille)],
    )
    feuilles = [
        hash_feuille(encode_tete(collectivite=collectivite, taille=fin, racine=racine))
        for collectivite, _debut, fin, racine in recolte.tetes
    ]
    recolte.sommet = [(0, taille + rang, feuille) for rang, feuille in enumerate(feuilles)]
    recolte.sommet += bord.extend(feuilles)
    return bord


def _list_sommets(taille: int) -> list[tuple[int, int]]:
    """Place des sous-arbres complets d’un arbre, du plus grand au plus petit."""
    sommets, debut = [], 0
    for niveau in range(taille.bit_length() - 1, -1, -1):
        if taille >> niveau & 1:
            sommets.append((niveau, debut >> niveau))
            debut += 1 << niveau
    return sommets


_TETES = """
INSERT INTO journal_tete (indice, lot_id, collectivite_id, debut, taille, racine)
SELECT %s + rang - 1, %s, c, d, t, r
FROM unnest(%s::integer[], %s::bigint[], %s::bigint[], %s::bytea[])
  WITH ORDINALITY AS u(c, d, t, r, rang)
"""
_ARBRES = """
INSERT INTO journal_arbre (collectivite_id, taille, bord)
SELECT * FROM unnest(%s::integer[], %s::bigint[], %s::bytea[])
ON CONFLICT (collectivite_id) DO UPDATE SET taille = EXCLUDED.taille, bord = EXCLUDED.bord
"""
_NOEUDS = """
INSERT INTO journal_noeud (collectivite_id, niveau, indice, empreinte)
SELECT * FROM unnest(%s::integer[], %s::smallint[], %s::bigint[], %s::bytea[])
"""
_SOMMET = """
INSERT INTO journal_noeud_sommet (niveau, indice, empreinte)
SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])
"""


def _write_recolte(recolte: _Recolte, lot: Lot) -> None:
    premiere = lot.taille - len(recolte.tetes)
    with connection.cursor() as curseur:
        curseur.execute(_TETES, [premiere, lot.pk, *_transpose(recolte.tetes)])
        curseur.execute(_ARBRES, _transpose(recolte.arbres))
        curseur.execute(_SOMMET, _transpose(recolte.sommet))
        if recolte.noeuds:
            curseur.execute(_NOEUDS, _transpose(recolte.noeuds))


def _transpose(lignes: list[Ligne]) -> list[list[Any]]:
    return [list(colonne) for colonne in zip(*lignes, strict=True)]


def _read(requete: str, valeurs: list[Any] | None = None) -> Ligne:
    return _fetch(requete, valeurs)[0]


def _fetch(requete: str, valeurs: list[Any] | None = None) -> list[Ligne]:
    with connection.cursor() as curseur:
        curseur.execute(requete, valeurs or [])
        return curseur.fetchall()

"""Importer des faits : lire un CSV borné, ligne à ligne, le montrer, puis l’appliquer d’un bloc."""

import csv
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from socle.fondations.journal.services import record
from socle.metiers.adoption.enums import EtatImport, Usage
from socle.metiers.adoption.errors import ImportPasARelire, ImportRefuse, MotifManquant
from socle.metiers.adoption.models import Fait, ImportDeFaits, LigneDImport
from socle.metiers.adoption.queries.imports import map_cles
from socle.metiers.adoption.queries.solutions import list_slugs
from socle.metiers.adoption.services.agregats import rebuild_solutions

OCTETS_MAX = 10 * 1024 * 1024
LIGNES_MAX = 100_000
LIGNE_MAX = 2_000  # signes
OCTETS_LIGNE = 4 * LIGNE_MAX
ERREURS_GARDEES = 200
COLONNES = {"siren": "collectivite", "code_insee": "collectivite", "cle": "collectivite",
            "solution": "solution", "date": "date", "etat": "usage"}  # fmt: skip
USAGES = {
    "utilise": Usage.UTILISE, "oui": Usage.UTILISE, "prevoit": Usage.PREVOIT,
    "prévoit": Usage.PREVOIT, "arrete": Usage.ARRETE, "arrêté": Usage.ARRETE, "non": Usage.ARRETE,
}  # fmt: skip
JOUR = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{2})/(\d{2})/(\d{4})")
ANNEE_MIN = 2000
REMPLACES = "Remplacé par l’import {}."


@dataclass(slots=True)
class _Lecture:
    """Ce que la lecture retient, et ce qu’elle refuse, ligne par ligne."""

    retenues: list[tuple[int, str, str, date, str]] = field(default_factory=list)
    vues: dict[tuple[str, str, date], int] = field(default_factory=dict)
    rapport: list[dict[str, object]] = field(default_factory=list)
    lignes: int = 0
    erreurs: int = 0

    def refuse(self, rang: int, message: str) -> None:
        self.erreurs += 1
        if len(self.rapport) < ERREURS_GARDEES:
            self.rapport.append({"ligne": rang, "erreur": message})


def prepare_import(
    *,
    morceaux: Iterable[bytes],
    nom: str,
    origine: str,
    acteur: str,
    maintenant: datetime,
) -> ImportDeFaits:
    """Lit un CSV au fil de l’eau et garde ses bonnes lignes, à relire avant de les appliquer.

    Colonnes : « siren », « code_insee » ou « cle » ; « solution » ; « date » (AAAA-MM-JJ ou
    JJ/MM/AAAA) ; « etat » (utilise, prevoit, arrete ; vide : utilise). UTF-8 ou Windows-1252,
    virgule, point-virgule ou tabulation. 10 Mo, 100 000 lignes.

    Raises:
        ImportRefuse: fichier trop gros, illisible, sans les colonnes, ou sans aucune bonne ligne.
    """
    somme = hashlib.sha256()
    lecture = _read(_iter_lignes(_limit(morceaux, somme.update)), localdate(maintenant))
    if not lecture.retenues:
        premiere = f" Ligne {lecture.rapport[0]['ligne']} : {lecture.rapport[0]['erreur']}" if (
            lecture.rapport
        ) else ""  # fmt: skip
        raise ImportRefuse(
            "Aucune ligne de ce fichier ne peut être importée.",
            f"Corrigez-le, puis envoyez-le de nouveau.{premiere}",
        )
    with transaction.atomic():
        lot = ImportDeFaits.objects.create(
            nom=nom[-200:],
            origine=origine.strip()[:200],
            recu_le=maintenant,
            acteur=acteur,
            empreinte=somme.hexdigest(),
            lignes=lecture.lignes,
            retenues=len(lecture.retenues),
            erreurs=lecture.erreurs,
            rapport=lecture.rapport,
        )
        _copy_attente(lot, lecture.retenues)
    return lot


def _limit(morceaux: Iterable[bytes], note: Callable[[bytes], None]) -> Iterator[bytes]:
    total = 0
    for morceau in morceaux:
        total += len(morceau)
        if total > OCTETS_MAX:
            raise ImportRefuse(
                "Ce fichier dépasse 10 Mo.", "Coupez-le en plusieurs fichiers, puis recommencez."
            )
        note(morceau)
        yield morceau


def _iter_lignes(morceaux: Iterable[bytes]) -> Iterator[str]:
    """Coupe en lignes sans garder le fichier ; une ligne sans fin est refusée."""
    reste = b""
    for morceau in morceaux:
        *lignes, reste = (reste + morceau).split(b"\n")
        if len(reste) > OCTETS_LIGNE:
            raise ImportRefuse("Une ligne de ce fichier n’a pas de fin.", "Est-ce bien un CSV ?")
        yield from map(_decode, lignes)
    if reste:
        yield _decode(reste)


def _decode(ligne: bytes) -> str:
    """UTF-8, avec ou sans marque ; sinon l’encodage des tableurs sous Windows."""
    if b"\0" in ligne:
        raise ImportRefuse("Ce fichier n’est pas un CSV.", "Enregistrez-le en CSV.")
    for encodage in ("utf-8-sig", "cp1252"):
        try:
            return ligne.decode(encodage).rstrip("\r")
        except UnicodeDecodeError:
            continue
    raise ImportRefuse(
        "Ce fichier n’est pas un texte lisible.",
        "Enregistrez-le en « CSV UTF-8 » depuis votre tableur.",
    )


def _read(lignes: Iterator[str], aujourdhui: date) -> _Lecture:
    entete = next(lignes, "")
    separateur = max(";,\t", key=entete.count)
    colonnes = _read_entete(next(csv.reader([entete], delimiter=separateur), []))
    cles, slugs = map_cles(), set(list_slugs())
    lecture = _Lecture()
    for rang, ligne in enumerate(lignes, start=2):
        if not ligne.strip(separateur + " "):
            continue
        lecture.lignes += 1
        if lecture.lignes > LIGNES_MAX:
            raise ImportRefuse(
                "Ce fichier dépasse 100 000 lignes.", "Coupez-le en plusieurs fichiers."
            )
        _read_ligne(lecture, rang, ligne, separateur, colonnes, cles, slugs, aujourdhui)
    return lecture


def _read_entete(noms: list[str]) -> dict[str, int]:
    colonnes: dict[str, int] = {}
    for rang, nom in enumerate(noms):
        champ = COLONNES.get(nom.strip().lower().replace(" ", "_"))
        if champ:
            colonnes.setdefault(champ, rang)
    manquent = [c for c in ("collectivite", "solution", "date") if c not in colonnes]
    if manquent:
        raise ImportRefuse(
            f"La première ligne doit nommer les colonnes ; il manque : {', '.join(manquent)}.",
            "Colonnes attendues : siren (ou code_insee), solution, date, etat.",
        )
    return colonnes


def _read_ligne(
    lecture: _Lecture,
    rang: int,
    ligne: str,
    separateur: str,
    colonnes: dict[str, int],
    cles: dict[str, str],
    slugs: set[str],
    aujourdhui: date,
) -> None:
    if len(ligne) > LIGNE_MAX:
        return lecture.refuse(rang, "ligne trop longue")
    cellules = next(csv.reader([ligne], delimiter=separateur), [])
    valeurs = {
        champ: cellules[place].strip() if place < len(cellules) else ""
        for champ, place in colonnes.items()
    }
    cle = cles.get(valeurs["collectivite"].replace(" ", "").lower())
    jour = _read_jour(valeurs["date"])
    usage = USAGES.get(valeurs.get("usage", "").lower() or "utilise")
    solution = valeurs["solution"].removeprefix("solution:")
    faute = _find_faute(valeurs, cle, solution in slugs, jour, usage, aujourdhui)
    if faute or cle is None or jour is None or usage is None:
        return lecture.refuse(rang, faute)
    deja = lecture.vues.setdefault((solution, cle, jour), rang)
    if deja != rang:
        return lecture.refuse(rang, f"déjà dite à la ligne {deja}")
    lecture.retenues.append((rang, solution, cle, jour, usage.value))
    return None


def _find_faute(
    valeurs: dict[str, str],
    cle: str | None,
    connue: bool,
    jour: date | None,
    usage: Usage | None,
    aujourdhui: date,
) -> str:
    """Première faute d’une ligne, en français ; vide si elle est bonne."""
    if cle is None:
        return f"collectivité inconnue : « {valeurs['collectivite'][:40]} »"
    if not connue:
        return f"solution inconnue : « {valeurs['solution'][:40]} »"
    if jour is None:
        return f"date illisible : « {valeurs['date'][:20]} », attendu 2026-11-21"
    if jour > aujourdhui or jour.year < ANNEE_MIN:
        return f"date hors limites : {jour:%d/%m/%Y}"
    if usage is None:
        return f"état inconnu : « {valeurs['usage'][:20]} », attendu utilise, prevoit ou arrete"
    return ""


def _read_jour(texte: str) -> date | None:
    trouve = JOUR.fullmatch(texte)
    if not trouve:
        return None
    a, m, j, jj, mm, aaaa = trouve.groups()
    try:
        return date(int(a or aaaa), int(m or mm), int(j or jj))
    except ValueError:
        return None


def _copy_attente(lot: ImportDeFaits, lignes: list[tuple[int, str, str, date, str]]) -> None:
    with (
        connection.cursor() as curseur,
        curseur.copy(
            "COPY adoption_lignedimport (lot_id, rang, solution, autorite, date_fait, usage)"
            " FROM STDIN"
        ) as copie,
    ):
        for ligne in lignes:
            copie.write_row((lot.pk, *ligne))


# Un fait identique ne change pas ; un autre usage, le même jour, est remplacé.
ECARTER = """
UPDATE adoption_fait f SET annule_le = %(maintenant)s, motif = %(motif)s,
  modifie_le = %(maintenant)s
FROM adoption_lignedimport l WHERE l.lot_id = %(lot)s AND f.solution = l.solution
  AND f.autorite = l.autorite AND f.date_fait = l.date_fait AND f.source = 'importee'
  AND f.annule_le IS NULL AND f.usage <> l.usage
"""
AJOUTER = """
INSERT INTO adoption_fait (solution, autorite, date_fait, source, usage, lot_id, acteur,
  precision, motif, cree_le, modifie_le)
SELECT solution, autorite, date_fait, 'importee', usage, lot_id, %(acteur)s, %(origine)s, '',
  %(maintenant)s, %(maintenant)s
FROM adoption_lignedimport WHERE lot_id = %(lot)s
ON CONFLICT (solution, autorite, date_fait, source) WHERE annule_le IS NULL DO NOTHING
"""


@transaction.atomic
def apply_import(*, lot_id: int, acteur: str, maintenant: datetime) -> ImportDeFaits:
    """Ajoute les faits relus et refait les comptes de leurs solutions. Une entrée au journal.

    Raises:
        ImportPasARelire.
    """
    lot = _lock(lot_id, EtatImport.A_RELIRE)
    valeurs: dict[str, Any] = {
        "lot": lot.pk, "acteur": acteur, "origine": lot.origine, "maintenant": maintenant,
        "motif": REMPLACES.format(lot.pk),
    }  # fmt: skip
    solutions = list(lot.attente.order_by("solution").values_list("solution", flat=True).distinct())
    with connection.cursor() as curseur:
        curseur.execute(ECARTER, valeurs)
        curseur.execute(AJOUTER, valeurs)
        lot.ajoutes = curseur.rowcount
    LigneDImport.objects.filter(lot=lot).delete()
    lot.etat, lot.applique_le = EtatImport.APPLIQUE, maintenant
    lot.save(update_fields=["etat", "applique_le", "ajoutes", "modifie_le"])
    rebuild_solutions(solutions, maintenant=maintenant)
    _record("adoption.importee", lot, acteur, maintenant, ajoutes=lot.ajoutes,
            refusees=lot.erreurs, empreinte=lot.empreinte)  # fmt: skip
    return lot


@transaction.atomic
def drop_import(*, lot_id: int, acteur: str, maintenant: datetime) -> ImportDeFaits:
    """Abandonne un import relu et pas appliqué : rien n’a changé.

    Raises:
        ImportPasARelire.
    """
    lot = _lock(lot_id, EtatImport.A_RELIRE)
    LigneDImport.objects.filter(lot=lot).delete()
    lot.etat = EtatImport.ABANDONNE
    lot.save(update_fields=["etat", "modifie_le"])
    _record("adoption.import_abandonne", lot, acteur, maintenant)
    return lot


@transaction.atomic
def undo_import(*, lot_id: int, motif: str, acteur: str, maintenant: datetime) -> ImportDeFaits:
    """Annule tous les faits d’un import ; ceux qu’il avait remplacés reviennent.

    Raises:
        MotifManquant, ImportPasARelire.
    """
    motif = motif.strip()[:300]
    if not motif:
        raise MotifManquant
    lot = _lock(lot_id, EtatImport.APPLIQUE)
    siens = Fait.objects.filter(lot=lot, annule_le=None)
    solutions = set(siens.order_by("solution").values_list("solution", flat=True).distinct())
    nombre = siens.update(annule_le=maintenant, motif=motif, modifie_le=maintenant)
    # Revient ce que l’import avait remplacé, là où rien d’autre n’a pris la place.
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE adoption_fait f SET annule_le = NULL, motif = '' WHERE f.motif = %(motif)s"
            " AND f.source = 'importee' AND NOT EXISTS (SELECT 1 FROM adoption_fait r"
            " WHERE r.solution = f.solution AND r.autorite = f.autorite"
            " AND r.date_fait = f.date_fait AND r.source = f.source AND r.annule_le IS NULL)",
            {"motif": REMPLACES.format(lot.pk)},
        )
    lot.etat, lot.annule_le, lot.motif = EtatImport.ANNULE, maintenant, motif
    lot.save(update_fields=["etat", "annule_le", "motif", "modifie_le"])
    rebuild_solutions(solutions, maintenant=maintenant)
    _record("adoption.import_annule", lot, acteur, maintenant, annules=nombre, motif=motif)
    return lot


def _lock(lot_id: int, etat: EtatImport) -> ImportDeFaits:
    lot = ImportDeFaits.objects.select_for_update(of=["self"]).get(pk=lot_id)
    if lot.etat != etat:
        raise ImportPasARelire
    return lot


def _record(
    action: str, lot: ImportDeFaits, acteur: str, maintenant: datetime, **donnees: object
) -> None:
    record(
        action=action,
        objet=f"import:{lot.pk}",
        acteur=acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees={"origine": lot.origine, **donnees},
    )

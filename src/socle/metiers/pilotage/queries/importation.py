"""Ce qu’un import de valeurs ferait : ajouter, ne rien faire, ou contredire ce qui est noté."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from socle.metiers.pilotage.enums import Ecart, SortImport, SourceIndicateur
from socle.metiers.pilotage.models import Indicateur, Valeur
from socle.metiers.pilotage.queries.valeurs import compare_valeurs

Cle = tuple[Any, ...]
# Ce qui fait qu’une valeur est la même : la contrainte de la table.
IDENTITE = ("jour", "nombre", "qualificatif", "document", "endroit")


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne du fichier, vérifiée : les champs d’une valeur."""

    numero: int
    indicateur: Indicateur
    champs: dict[str, Any]

    @property
    def cle(self) -> Cle:
        return (self.indicateur.pk, *(self.champs[nom] for nom in IDENTITE))


@dataclass(frozen=True, slots=True)
class Relecture:
    """Une ligne, ce qu’elle deviendrait, et ce qu’elle contredirait le même jour."""

    ligne: Ligne
    valeur: Valeur  # pas enregistrée
    sort: SortImport
    contredites: tuple[Valeur, ...] = ()

    @property
    def ajoute(self) -> bool:
        return self.sort == SortImport.AJOUTEE


def list_importables() -> list[Indicateur]:
    """Indicateurs qui reçoivent des valeurs : ni retirés, ni mesurés par Socle."""
    return list(
        Indicateur.objects.filter(retire=False)
        .exclude(source=SourceIndicateur.MESUREE)
        .order_by("code")
    )


def judge_lignes(lignes: Sequence[Ligne]) -> list[Relecture]:
    """Rend le sort de chaque ligne, dans l’ordre du fichier ; une instruction."""
    notees = Valeur.objects.filter(
        indicateur__in={ligne.indicateur.pk for ligne in lignes},
        jour__in={ligne.champs["jour"] for ligne in lignes},
    ).order_by("pk")
    sorts: dict[Cle, SortImport] = {}
    jours: dict[tuple[int, date], list[Valeur]] = defaultdict(list)
    for valeur in notees:
        cle = (valeur.indicateur_id, *(getattr(valeur, nom) for nom in IDENTITE))
        if valeur.retire:
            sorts.setdefault(cle, SortImport.RETIREE)
            continue
        sorts[cle] = SortImport.CONNUE
        jours[valeur.indicateur_id, valeur.jour].append(valeur)
    lues = [
        (ligne, Valeur(indicateur=ligne.indicateur, revision=1, **ligne.champs)) for ligne in lignes
    ]
    for ligne, valeur in lues:
        if ligne.cle not in sorts:
            jours[ligne.indicateur.pk, valeur.jour].append(valeur)
    return [
        Relecture(ligne, valeur, sorts[ligne.cle])
        if ligne.cle in sorts
        else Relecture(
            ligne,
            valeur,
            SortImport.AJOUTEE,
            _list_contredites(valeur, jours[ligne.indicateur.pk, valeur.jour]),
        )
        for ligne, valeur in lues
    ]


def _list_contredites(valeur: Valeur, du_jour: Sequence[Valeur]) -> tuple[Valeur, ...]:
    return tuple(
        autre
        for autre in du_jour
        if autre is not valeur and compare_valeurs(valeur, autre) == Ecart.CONTRADICTION
    )


def mark_relectures(relectures: Sequence[Relecture]) -> dict[str, Any]:
    """Ce que l’aperçu montre, par ligne : son empreinte dit si quelque chose a changé depuis."""
    return {
        str(lue.ligne.numero): [lue.sort, [str(autre.nombre) for autre in lue.contredites]]
        for lue in relectures
    }

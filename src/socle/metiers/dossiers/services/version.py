"""Passer une demande d’une version du formulaire à une autre, en sachant ce que cela change.

Ici, le brouillon, par le choix de la personne. Un dossier déposé : `services.rebase`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.documents import queries as documents
from socle.fondations.documents.services import remove_document
from socle.fondations.formulaires.moteur import (
    Changement,
    ChangementReponse,
    FormulaireCompile,
    LigneResume,
    compare_versions,
)
from socle.metiers.demarches.errors import DemarcheFermee
from socle.metiers.demarches.models import Version
from socle.metiers.dossiers.errors import (
    DossierFerme,
    DossierModifieAilleurs,
    VersionPerimee,
)
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces, can_edit
from socle.metiers.dossiers.queries.dossier import find_dossier, get_formulaire
from socle.metiers.dossiers.services.commun import (
    record_preuve,
)
from socle.metiers.dossiers.services.pieces import iter_documents
from socle.metiers.dossiers.services.reponses import convert_reponses, list_perdues

# Ce qu’une personne qui répond ne voit pas, ou qui ne change rien à sa réponse.
INVISIBLES = frozenset(
    {"autocomplete", "code", "correspondances", "libelle_ajout", "libelle_ligne", "niveau"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Ce que changerait le passage à une autre version.

    Attributes:
        ajoutees: questions nouvelles, champs compilés (`champ.libelle`, `obligatoire`).
        retirees: libellés des questions ôtées.
        modifications: phrases, une par question changée.
        perdues: réponses perdues ou réduites (`apres` vide ou plus court).
        gardees: réponses qui restent, telles qu’elles se liront.
        reponses: ce qu’il faudrait enregistrer.
        manquantes: libellés des questions que ces réponses laisseraient sans réponse valable ;
            pour un dossier déposé seulement, un brouillon étant de toute façon à finir.
    """

    ajoutees: list[Any]
    retirees: list[str]
    modifications: list[str]
    perdues: list[ChangementReponse]
    gardees: list[LigneResume]
    reponses: dict[str, Any]
    manquantes: tuple[str, ...] = ()


def prepare_passage(dossier: Dossier, version_id: int, *, maintenant: datetime) -> Passage:
    """Compare deux versions du formulaire et ce que deviendraient les réponses du dossier."""
    ancien, nouveau = get_formulaire(dossier.version_id), get_formulaire(version_id)
    avant = dossier.reponses
    apres = convert_reponses(ancien, nouveau, avant, maintenant=maintenant)
    perdues = list_perdues(ancien, nouveau, avant, apres, maintenant=maintenant)
    return describe_passage(ancien, nouveau, perdues, apres, maintenant)


def describe_passage(
    ancien: FormulaireCompile,
    nouveau: FormulaireCompile,
    perdues: list[ChangementReponse],
    apres: dict[str, Any],
    maintenant: datetime,
) -> Passage:
    """Rassemble ce qui change dans les questions, et ce que deviennent les réponses."""
    changements = compare_versions(ancien.definition, nouveau.definition)
    touchees = {perdue.chemin for perdue in perdues}
    return Passage(
        ajoutees=_list_questions(nouveau, changements, "ajout"),
        retirees=[c.champ.libelle for c in _list_questions(ancien, changements, "retrait")],
        modifications=_list_modifications(changements),
        perdues=perdues,
        gardees=_list_gardees(nouveau, apres, touchees, maintenant),
        reponses=apres,
    )


def _list_questions(
    formulaire: FormulaireCompile, changements: list[Changement], genre: str
) -> list[Any]:
    """Rend les questions de ce genre ; celles d’un bloc nouveau sont dites par le bloc."""
    champs = formulaire.structure.champs
    touches = {c.champ for c in changements if c.genre == genre and c.champ in champs}
    return [
        champs[identifiant]
        for identifiant in (c.id for _, _, c in formulaire.definition.iter_champs())
        if identifiant in touches
        and (champs[identifiant].saisi or champs[identifiant].enfants)
        and champs[identifiant].bloc not in touches
    ]


def _list_modifications(changements: list[Changement]) -> list[str]:
    phrases = [
        c.phrase.replace("Le champ «", "La question «", 1)
        for c in changements
        if c.genre == "modification" and c.attribut not in INVISIBLES
    ]
    return list(dict.fromkeys(phrases))


def _list_gardees(
    formulaire: FormulaireCompile,
    reponses: dict[str, Any],
    touchees: set[str],
    maintenant: datetime,
) -> list[LigneResume]:
    pages = formulaire.lines_resume(reponses, maintenant=maintenant)
    return [
        ligne
        for page in pages
        for ligne in page.lignes
        if ligne.genre in ("reponse", "piece")
        and ligne.texte
        and ligne.chemin not in touchees
        and ligne.chemin.partition("-")[0] in reponses
    ]


@transaction.atomic
def change_version(
    *, dossier: Dossier, version_id: int, revision: int, acces: Acces, maintenant: datetime
) -> Dossier:
    """Passe un brouillon à la version publiée ; les pièces qui ne servent plus sont retirées.

    Args:
        version_id: celle dont la personne a vu les différences.
        revision: celle du brouillon qu’elle a vu.

    Raises:
        AccesRefuse, DossierFerme: ce brouillon n’est pas, ou plus, à cette personne.
        DemarcheFermee: la démarche n’est plus ouverte.
        VersionPerimee: une autre version a paru entre-temps.
        DossierModifieAilleurs: les réponses ont changé depuis.
    """
    lu = _lock_brouillon(dossier, version_id, acces)
    if lu.version_id == version_id:
        return lu
    if lu.revision != revision:
        raise DossierModifieAilleurs
    passage = prepare_passage(lu, version_id, maintenant=maintenant)
    _remove_pieces(lu, passage.reponses, maintenant)
    de, vers = read_numeros(lu.version_id, version_id)
    lu.reponses, lu.version_id, lu.version_ecartee = passage.reponses, version_id, 0
    _save(lu, "reponses", "version_id")
    record_preuve(
        lu,
        "version_changee",
        acteur=acces.acteur(),
        maintenant=maintenant,
        donnees={"de": de, "vers": vers, "reponses_perdues": len(passage.perdues)},
    )
    return lu


@transaction.atomic
def keep_version(*, dossier: Dossier, version_id: int, acces: Acces) -> Dossier:
    """Note que la personne finit avec l’ancien formulaire : la version suivante sera reproposée.

    Raises:
        AccesRefuse, DossierFerme, DemarcheFermee, VersionPerimee: voir `change_version`.
    """
    lu = _lock_brouillon(dossier, version_id, acces)
    lu.version_ecartee = version_id
    lu.save(update_fields=["version_ecartee"])
    return lu


def _lock_brouillon(dossier: Dossier, version_id: int, acces: Acces) -> Dossier:
    lu = find_dossier(dossier.collectivite, dossier.numero, verrou=True)
    if lu is None or not can_edit(acces, lu):
        raise AccesRefuse
    if not lu.is_brouillon:
        raise DossierFerme
    if not lu.demarche.is_ouverte:
        raise DemarcheFermee
    publiee = getattr(lu, "version_publiee", None)
    if publiee != version_id:
        raise VersionPerimee
    return lu


def _save(dossier: Dossier, *champs: str) -> None:
    """Enregistre et clôt les autres pages ouvertes : leur prochain envoi dira le changement."""
    dossier.revision += 1
    dossier.onglet = ""
    dossier.save(update_fields=[*champs, "version_ecartee", "revision", "onglet", "modifie_le"])


def _remove_pieces(dossier: Dossier, reponses: dict[str, Any], maintenant: datetime) -> None:
    """Retire les fichiers que les réponses ne citent plus."""
    perdus = set(iter_documents(dossier.reponses)) - set(iter_documents(reponses))
    if perdus:
        for document in documents.list_documents(dossier.objet).filter(pk__in=perdus):
            remove_document(document=document, maintenant=maintenant)


def read_numeros(*versions: int) -> tuple[int, int]:
    """Rend les numéros de deux versions, l’ancienne d’abord."""
    numeros = Version.objects.filter(pk__in=versions).order_by("numero")
    de, vers = numeros.values_list("numero", flat=True)
    return de, vers

"""Fin de vie d’un dossier : listé quand sa durée est finie, détruit avec un visa, jamais sans.

Ce qui reste est une liste fermée : un champ ou une table ajoutés demain s’effacent aussi, sauf à
les y inscrire. Le sel détruit, les engagements du journal ne disent plus rien.

Source : code du patrimoine, art. L. 212-2 et R. 212-14 ; RGPD, art. 5, 1, e.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun import taches
from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.commun.locataire import locataire, personne
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import has_role
from socle.fondations.conservation.enums import GenreBordereau, SortFinal
from socle.fondations.conservation.errors import RienATrier
from socle.fondations.conservation.models import (
    Bordereau,
    LigneDeBordereau,
    RegleDeConservation,
    Tri,
)
from socle.fondations.conservation.ports import Remise
from socle.fondations.conservation.queries import map_remises
from socle.fondations.conservation.services import bordereaux
from socle.fondations.conservation.services.tri import record_tri
from socle.fondations.documents.services import remove_objet
from socle.fondations.notifications.models import Envoi
from socle.fondations.notifications.models import Message as MessageDeLEspace
from socle.metiers.dossiers.models import Dossier, Evenement
from socle.metiers.dossiers.services.commun import forget_personne, record_preuve
from socle.metiers.dossiers.services.fins import (
    SANS_REMISE,
    Echu,
    compute_fin,
    list_fins,
)
from socle.metiers.dossiers.signals import dossier_elimine
from socle.normes.delais.calculs import to_jour

# Ce qui survit : de quoi compter et répondre « ce dossier a existé », sans dire de qui.
GARDES = frozenset(
    {"collectivite", "numero", "demarche", "version", "etat", "canal", "reference", "depose_le",
     "recue_le", "echeance", "decide_le", "revision", "cree_le", "modifie_le"}
)  # fmt: skip


@transaction.atomic
def propose_elimination(
    *,
    collectivite: Collectivite,
    numeros: Collection[int],
    agent: Compte,
    maintenant: datetime,
    genre: GenreBordereau = GenreBordereau.ELIMINATION,
) -> Bordereau:
    """Met des dossiers échus sur un bordereau, à faire viser. Rien n’est encore détruit.

    Args:
        genre: éliminer, ou effacer la copie de ce que le service d’archives a pris en charge.

    Raises:
        AccesRefuse: l’agent n’est pas archiviste ici.
        RienAEliminer: aucun de ces dossiers n’est à éliminer.
    """
    _check_archiviste(agent, collectivite)
    fins = list_fins(collectivite, to_jour(maintenant))
    echus = fins.verses if genre == GenreBordereau.VERSEMENT else fins.a_eliminer
    choisis = [echu for echu in echus if echu.dossier.numero in numeros]
    return bordereaux.open_bordereau(
        collectivite=collectivite,
        lignes=[_describe(echu) for echu in choisis],
        acteur=agent.acteur,
        nom=agent.nom_affiche,
        maintenant=maintenant,
        genre=genre,
    )


@transaction.atomic
def decide_tri(
    *,
    collectivite: Collectivite,
    numeros: Collection[int],
    sort: str,
    motif: str,
    agent: Compte,
    maintenant: datetime,
) -> int:
    """Tranche le sort de dossiers à trier ; rend leur nombre. Un choix d’avant est remplacé.

    Raises:
        AccesRefuse: l’agent n’est pas archiviste ici.
        RienATrier: aucun de ces dossiers n’est à trier.
        TriSansMotif: ni garder ni détruire, ou sans dire pourquoi.
    """
    _check_archiviste(agent, collectivite)
    a_trier = list_fins(collectivite, to_jour(maintenant)).a_trier
    choisis = [echu.dossier for echu in a_trier if echu.dossier.numero in numeros]
    if not choisis:
        raise RienATrier
    return record_tri(
        collectivite=collectivite,
        objets=[(dossier.objet, dossier.reference) for dossier in choisis],
        sort=sort,
        motif=motif,
        acteur=agent.acteur,
        nom=agent.nom_affiche,
        maintenant=maintenant,
    )


def _describe(echu: Echu) -> dict[str, Any]:
    """Rend la ligne du bordereau : la démarche pour intitulé, aucun nom de personne."""
    dossier = echu.dossier
    decision = dossier.decide_le or dossier.depose_instant
    remise = echu.remise if echu.remise.acceptee else SANS_REMISE
    return {
        "objet": dossier.objet,
        "reference": dossier.reference,
        "intitule": f"{dossier.demarche.titre} ({dossier.get_etat_display().lower()})",
        "regle": f"{echu.regle.intitule}, {format_annees(echu.regle.duree_annees)}"
        f" ({echu.regle.source_juridique})",
        "debut": to_jour(dossier.depose_instant),
        "fin": to_jour(decision),
        "echue_le": echu.fin,
        "fichiers": echu.fichiers,
        "octets": echu.octets,
        "tri": echu.tri.motif if echu.tri and not remise.acceptee else "",
        "archive_reference": remise.reference,
        "archive_service": remise.service,
        "archive_le": remise.acceptee_le,
    }


def format_annees(nombre: int) -> str:
    return f"{nombre} an{'s' * (nombre > 1)}"


@transaction.atomic
def approve_elimination(
    *,
    bordereau: Bordereau,
    par: str,
    reference: str,
    date_visa: date,
    agent: Compte,
    maintenant: datetime,
) -> Bordereau:
    """Note le visa reçu et met la destruction en file.

    Raises:
        AccesRefuse: l’agent n’est pas archiviste ici.
        VisaIncomplet, BordereauClos: voir `bordereaux.record_visa`.
    """
    _check_archiviste(agent, bordereau.collectivite)
    vise = bordereaux.record_visa(
        bordereau=bordereau,
        par=par,
        reference=reference,
        date_visa=date_visa,
        acteur=agent.acteur,
        nom=agent.nom_affiche,
        maintenant=maintenant,
    )
    taches.defer("dossiers.eliminer", collectivite_id=vise.collectivite_id, bordereau_id=vise.pk)
    return vise


@transaction.atomic
def refuse_elimination(
    *, bordereau: Bordereau, motif: str, agent: Compte, maintenant: datetime
) -> Bordereau:
    """Note un refus des Archives, ou un renoncement : les dossiers restent.

    Raises:
        AccesRefuse, BordereauClos.
    """
    _check_archiviste(agent, bordereau.collectivite)
    return bordereaux.refuse_bordereau(
        bordereau=bordereau, motif=motif, acteur=agent.acteur, maintenant=maintenant
    )


def _check_archiviste(agent: Compte, collectivite: Collectivite) -> None:
    if not has_role(agent, collectivite, Role.ARCHIVISTE):
        raise AccesRefuse


@transaction.atomic
def destroy_dossier(*, ligne: LigneDeBordereau, maintenant: datetime) -> bool:
    """Détruit un dossier d’un bordereau visé ; rend faux s’il n’est plus à détruire. Rejouable.

    Un dossier rouvert ou changé de règle depuis le visa est écarté : le visa ne vaut que pour ce
    qu’il a vu. De même pour un dossier que le service d’archives n’a plus en charge.
    """
    ligne = (
        LigneDeBordereau.objects.select_for_update(of=["self"])
        .select_related("bordereau")
        .get(pk=ligne.pk)
    )
    if ligne.detruite_le is not None or ligne.ecartee or not ligne.bordereau.visa_reference:
        return False
    dossier = (
        Dossier.objects.select_for_update(of=["self"], no_key=True)
        .select_related("demarche__regle", "collectivite")
        .filter(collectivite_id=ligne.collectivite_id, reference=ligne.reference)
        .first()
    )
    raison = _find_empechement(dossier, ligne, to_jour(maintenant))
    if dossier is None or raison:
        ligne.ecartee = raison
        ligne.save(update_fields=["ecartee", "modifie_le"])
        return False
    _erase(dossier, maintenant)
    ligne.detruite_le = maintenant
    ligne.save(update_fields=["detruite_le", "modifie_le"])
    donnees = {
        "reference": ligne.reference,
        "visa": ligne.bordereau.visa_reference,
        "bordereau": ligne.bordereau_id,
        "archive": ligne.archive_reference,
    }
    record_preuve(dossier, "elimine", acteur="systeme", maintenant=maintenant, donnees=donnees)
    dossier_elimine.send(
        Dossier,
        collectivite_id=dossier.collectivite_id,
        numero=dossier.numero,
        reference=dossier.reference,
        maintenant=maintenant,
    )
    return True


def _find_empechement(dossier: Dossier | None, ligne: LigneDeBordereau, jour: date) -> str:
    if dossier is None:
        return "Le dossier n’existe plus."
    regle = dossier.demarche.regle
    if not dossier.is_termine:
        return "Le dossier a été rouvert depuis."
    if regle is None:
        return "La démarche n’a plus de règle de conservation."
    remises = map_remises(ligne.collectivite_id, [ligne.reference], verrouiller=True)
    remise = remises.get(ligne.reference, SANS_REMISE)
    if ligne.bordereau.is_apres_versement:
        raison = _find_manque(ligne, remise)
    else:
        raison = _find_contre_ordre(ligne, regle, remise)
    if raison:
        return raison
    if compute_fin(dossier, regle) >= jour:
        return "La durée de conservation a été allongée."
    return ""


def _find_manque(ligne: LigneDeBordereau, remise: Remise) -> str:
    """Dit pourquoi la copie d’ici ne peut pas s’effacer ; vide si les archives ont le dossier."""
    if not remise.acceptee:
        return "Le service d’archives ne l’a plus en charge."
    if remise.reference != ligne.archive_reference:
        return "La référence donnée par les archives a changé depuis."
    return ""


def _find_contre_ordre(ligne: LigneDeBordereau, regle: RegleDeConservation, remise: Remise) -> str:
    """Dit pourquoi l’on ne détruit plus ; vide si la règle, ou le tri, le dit toujours."""
    if regle.sort_final == SortFinal.DETRUIRE:
        return ""
    trie = Tri.objects.filter(
        collectivite_id=ligne.collectivite_id, objet=ligne.objet, sort=SortFinal.DETRUIRE
    )
    if regle.sort_final != SortFinal.TRIER or not trie.exists():
        return "La règle de conservation ne dit plus de détruire."
    return "Le service d’archives l’a pris en charge depuis." if remise.acceptee else ""


def _erase(dossier: Dossier, maintenant: datetime) -> None:
    usager_id, objet = dossier.usager_id, dossier.objet
    remove_objet(objet=objet, maintenant=maintenant)
    Envoi.objects.filter(collectivite_id=dossier.collectivite_id, objet=objet).delete()
    if usager_id is not None:
        forget_personne(dossier)
        with personne(usager_id):
            MessageDeLEspace.objects.filter(objet=objet).delete()
    for table, lien in _iter_tables():
        table.objects.filter(**{lien: dossier}).delete()
    # Le fil reste, sans personne : ce qui s’est passé, et quand.
    Evenement.objects.filter(collectivite_id=dossier.collectivite_id, dossier=dossier).update(
        auteur=None, auteur_nom="", detail="", document_id=None
    )
    effaces = [c for c in Dossier._meta.concrete_fields if c.name not in GARDES]
    for champ in effaces:
        setattr(dossier, champ.attname, _find_vide(champ))
    dossier.save(update_fields=[*(c.name for c in effaces), "modifie_le"])


def _iter_tables() -> Iterator[Any]:
    """Donne les tables qui racontent le dossier, hors du fil."""
    for lien in Dossier._meta.related_objects:
        if lien.related_model is not Evenement:
            yield lien.related_model, lien.field.name


def _find_vide(champ: "models.Field[Any, Any]") -> Any:
    if champ.null:
        return None
    return b"" if isinstance(champ, models.BinaryField) else champ.get_default()


def execute_bordereau(*, collectivite_id: int, bordereau_id: int, maintenant: datetime) -> int:
    """Détruit ce qu’un bordereau visé permet, un dossier par transaction ; rend leur nombre."""
    with locataire(collectivite_id):
        restantes = LigneDeBordereau.objects.filter(
            bordereau_id=bordereau_id, detruite_le__isnull=True, ecartee=""
        )
        lignes = list(restantes.order_by("pk"))
    nombre = 0
    for ligne in lignes:
        with locataire(collectivite_id):
            nombre += destroy_dossier(ligne=ligne, maintenant=maintenant)
    with locataire(collectivite_id):
        bordereau = Bordereau.objects.get(pk=bordereau_id)
        bordereaux.close_bordereau(bordereau=bordereau, maintenant=maintenant)
    return nombre

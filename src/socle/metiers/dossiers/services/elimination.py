"""Fin de vie d’un dossier : listé quand sa durée est finie, détruit avec un visa, jamais sans.

Ce qui reste est une liste fermée : un champ ou une table ajoutés demain s’effacent aussi, sauf à
les y inscrire. Le sel détruit, les engagements du journal ne disent plus rien.

Source : code du patrimoine, art. L. 212-2 et R. 212-14 ; RGPD, art. 5, 1, e.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Sum

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun import taches
from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.commun.locataire import locataire, personne
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import has_role
from socle.fondations.conservation.enums import SortFinal
from socle.fondations.conservation.models import (
    Bordereau,
    LigneDeBordereau,
    RegleDeConservation,
)
from socle.fondations.conservation.services import bordereaux
from socle.fondations.documents.models import Document
from socle.fondations.documents.services import remove_objet
from socle.fondations.notifications.models import Envoi
from socle.fondations.notifications.models import Message as MessageDeLEspace
from socle.metiers.dossiers.enums import TERMINES
from socle.metiers.dossiers.models import Dossier, Evenement
from socle.metiers.dossiers.services.commun import forget_personne, record_preuve
from socle.metiers.dossiers.services.depot import PARIS
from socle.metiers.dossiers.signals import dossier_elimine
from socle.normes.delais.calculs import add_annees, to_jour
from socle.normes.delais.conservation import compute_fin_de_conservation

PAR_LISTE = 200
LUS_MAX = 1000
# Ce qui survit : de quoi compter et répondre « ce dossier a existé », sans dire de qui.
GARDES = frozenset(
    {"collectivite", "numero", "demarche", "version", "etat", "canal", "reference", "depose_le",
     "recue_le", "echeance", "decide_le", "revision", "cree_le", "modifie_le"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Echu:
    """Un dossier dont la durée d’utilité administrative est finie."""

    dossier: Dossier
    regle: RegleDeConservation
    fin: date
    fichiers: int = 0
    octets: int = 0


def list_echus(collectivite: Collectivite, sorts: Collection[str], jour: date) -> list[Echu]:
    """Rend les dossiers à éliminer ou à verser, les plus anciens d’abord, 200 au plus.

    Args:
        sorts: sorts finals voulus (`SortFinal`).
        jour: aujourd’hui, à l’heure de Paris.
    """
    echus: list[Echu] = []
    regles = RegleDeConservation.objects.filter(collectivite=collectivite, sort_final__in=sorts)
    for regle in regles.order_by("code"):
        echus += _list_par_regle(regle, jour)
    echus.sort(key=lambda echu: (echu.fin, echu.dossier.numero))
    return _measure(echus[:PAR_LISTE])


def _list_par_regle(regle: RegleDeConservation, jour: date) -> list[Echu]:
    sur_un_bordereau = LigneDeBordereau.objects.filter(
        collectivite_id=regle.collectivite_id, ecartee=""
    ).values("objet")
    dossiers = (
        Dossier.objects.filter(
            collectivite_id=regle.collectivite_id,
            demarche__regle=regle,
            etat__in=TERMINES,
            depose_le__lt=datetime.combine(
                add_annees(jour, -regle.duree_annees), time.max, tzinfo=PARIS
            ),
        )
        .exclude(sel=b"")
        .select_related("demarche__regle")
        .only("numero", "reference", "etat", "depose_le", "decide_le", "demarche", "collectivite")
        .order_by("depose_le", "numero")[:LUS_MAX]
    )
    deja = set(sur_un_bordereau.order_by("objet").values_list("objet", flat=True))
    lus = [Echu(dossier=d, regle=regle, fin=compute_fin(d, regle)) for d in dossiers]
    return [echu for echu in lus if echu.fin < jour and echu.dossier.objet not in deja]


def compute_fin(dossier: Dossier, regle: RegleDeConservation) -> date:
    """Rend le dernier jour de la durée d’utilité administrative d’un dossier terminé."""
    decision = to_jour(dossier.decide_le) if dossier.decide_le else None
    depot = to_jour(dossier.depose_instant)
    depart = regle.compute_depart(depot=depot, decision=decision, cloture=decision or depot)
    fin = compute_fin_de_conservation(depart, regle.duree_annees, source=regle.source_juridique)
    return fin.date


def _measure(echus: list[Echu]) -> list[Echu]:
    """Compte les fichiers de tous les dossiers en une lecture."""
    objets = [echu.dossier.objet for echu in echus]
    lignes = (
        Document.objects.courants()
        .presents()
        .filter(objet__in=objets)
        .order_by("objet")
        .values("objet")
        .annotate(fichiers=Count("pk"), octets=Sum("taille"))
    )
    mesures: dict[str, dict[str, Any]] = {str(ligne["objet"]): dict(ligne) for ligne in lignes}
    return [
        Echu(
            dossier=echu.dossier,
            regle=echu.regle,
            fin=echu.fin,
            fichiers=mesures.get(echu.dossier.objet, {}).get("fichiers", 0),
            octets=mesures.get(echu.dossier.objet, {}).get("octets", 0),
        )
        for echu in echus
    ]


@transaction.atomic
def propose_elimination(
    *, collectivite: Collectivite, numeros: Collection[int], agent: Compte, maintenant: datetime
) -> Bordereau:
    """Met des dossiers échus sur un bordereau, à faire viser. Rien n’est encore détruit.

    Raises:
        AccesRefuse: l’agent n’est pas archiviste ici.
        RienAEliminer: aucun de ces dossiers n’est à éliminer.
    """
    _check_archiviste(agent, collectivite)
    echus = list_echus(collectivite, [SortFinal.DETRUIRE], to_jour(maintenant))
    choisis = [echu for echu in echus if echu.dossier.numero in numeros]
    return bordereaux.open_bordereau(
        collectivite=collectivite,
        lignes=[_describe(echu) for echu in choisis],
        acteur=agent.acteur,
        nom=agent.nom_affiche,
        maintenant=maintenant,
    )


def _describe(echu: Echu) -> dict[str, Any]:
    """Rend la ligne du bordereau : la démarche pour intitulé, aucun nom de personne."""
    dossier = echu.dossier
    decision = dossier.decide_le or dossier.depose_instant
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
    qu’il a vu.
    """
    ligne = (
        LigneDeBordereau.objects.select_for_update(of=["self"])
        .select_related("bordereau")
        .get(pk=ligne.pk)
    )
    if ligne.detruite_le is not None or ligne.ecartee or not ligne.bordereau.visa_reference:
        return False
    dossier = (
        Dossier.objects.select_for_update(of=["self"])
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
    visa = {"reference": ligne.reference, "visa": ligne.bordereau.visa_reference}
    donnees = visa | {"bordereau": ligne.bordereau_id}
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
    if regle is None or regle.sort_final != SortFinal.DETRUIRE:
        return "La règle de conservation ne dit plus de détruire."
    if compute_fin(dossier, regle) >= jour:
        return "La durée de conservation a été allongée."
    return ""


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

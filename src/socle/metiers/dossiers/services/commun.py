"""Gestes partagés par les services : verrouiller, raconter, prouver, tenir la liste de l’usager."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Now

from socle.fondations.commun.ecritures import insert
from socle.fondations.commun.locataire import personne
from socle.fondations.comptes.models import Compte
from socle.fondations.journal import services as journal
from socle.metiers.dossiers.enums import EtatDossier, Fait
from socle.metiers.dossiers.errors import DossierChange, DossierModifieAilleurs
from socle.metiers.dossiers.models import Dossier, DossierDeLaPersonne, Evenement
from socle.metiers.dossiers.queries.dossier import list_faits_depuis


def lock_dossier(numero: int) -> Dossier:
    """Verrouille un dossier jusqu’à la fin de la transaction, avec sa démarche et son service."""
    return (
        Dossier.objects.select_for_update(of=["self"])
        .select_related("demarche__service", "collectivite")
        .get(numero=numero)
    )


def check_fil(dossier: Dossier, dernier_fait: int | None) -> None:
    """Arrête un geste si quelque chose s’est passé depuis la page que l’agent avait devant lui.

    L’état seul ne le dit pas : accepté puis repris, un dossier est de nouveau en instruction. La
    révision dirait trop : elle change à chaque réponse que la personne corrige.

    Args:
        dernier_fait: le rang du dernier fait que la page montrait (`find_dernier_fait`) ; None,
            l’appelant n’est pas une page et ne compare rien.

    Raises:
        DossierChange: avec les faits nouveaux.
    """
    if dernier_fait is None:
        return
    if faits := list_faits_depuis(dossier, dernier_fait):
        raise DossierChange(faits)


def update_reponses(
    dossier: Dossier, *, revision: int, onglet: str, garde: bool, **valeurs: Any
) -> None:
    """Écrit des réponses si personne d’autre n’a écrit depuis la révision que montrait la page.

    Une page qui enregistre au fil de la saisie se suit elle-même : sa réponse peut se perdre ou
    tarder, ses envois suivants ne sont pas des conflits. Un envoi sans `garde` la clôt : un
    enregistrement en retard ne défait pas ce que la personne vient de valider.

    Raises:
        DossierModifieAilleurs: une autre page a enregistré depuis.
    """
    attendue = Q(revision=revision)
    if onglet:
        attendue |= Q(onglet=onglet)
    touchees = Dossier.objects.filter(
        attendue,
        collectivite_id=dossier.collectivite_id,
        numero=dossier.numero,
        etat=dossier.etat,
    ).update(
        revision=F("revision") + 1,
        onglet=onglet if garde else "",
        modifie_le=Now(),
        **valeurs,
    )
    if not touchees:
        raise DossierModifieAilleurs
    for champ in ("revision", "onglet"):
        dossier.__dict__.pop(champ, None)  # relus s’ils servent : une redirection s’en passe


def record_fait(
    dossier: Dossier,
    fait: Fait,
    *,
    auteur: Compte | None,
    maintenant: datetime,
    auteur_nom: str = "",
    detail: str = "",
    document_id: UUID | None = None,
) -> Evenement:
    """Ajoute une ligne au fil du dossier."""
    return insert(
        Evenement(
            collectivite_id=dossier.collectivite_id,
            dossier=dossier,
            fait=fait,
            instant=maintenant,
            auteur=auteur,
            auteur_nom=auteur_nom or (auteur.nom_affiche if auteur else ""),
            detail=detail,
            document_id=document_id,
        )
    )


def record_preuve(
    dossier: Dossier,
    action: str,
    *,
    acteur: str,
    maintenant: datetime,
    donnees: dict[str, Any] | None = None,
    engagements: dict[str, str] | None = None,
) -> None:
    """Ajoute une ligne au journal de preuve. Aucune donnée personnelle n’y entre."""
    journal.record(
        action=f"dossier.{action}",
        objet=dossier.objet,
        acteur=acteur,
        collectivite_id=dossier.collectivite_id,
        maintenant=maintenant,
        donnees=donnees,
        engagements=engagements,
    )


PROJECTION = """
INSERT INTO dossiers_dossierdelapersonne AS d
  (numero, personne_id, collectivite_id, titre, etat, attend_correction, modifie_le)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (numero) DO UPDATE SET titre = EXCLUDED.titre, etat = EXCLUDED.etat,
  attend_correction = EXCLUDED.attend_correction, modifie_le = EXCLUDED.modifie_le
"""


def project_personne(dossier: Dossier, maintenant: datetime) -> None:
    """Met à jour la liste de l’usager, qui traverse les collectivités."""
    if dossier.usager_id is None:
        return
    valeurs: list[Any] = [
        dossier.numero,
        dossier.usager_id,
        dossier.collectivite_id,
        dossier.demarche.titre,
        dossier.etat,
        dossier.attend_correction,
        maintenant,
    ]
    with personne(dossier.usager_id), connection.cursor() as curseur:
        curseur.execute(PROJECTION, valeurs)


def forget_personne(dossier: Dossier) -> None:
    """Ôte un brouillon supprimé de la liste de l’usager."""
    if dossier.usager_id is None:
        return
    with personne(dossier.usager_id):
        DossierDeLaPersonne.objects.filter(numero=dossier.numero).delete()


def is_deposable(dossier: Dossier) -> bool:
    return dossier.etat == EtatDossier.BROUILLON

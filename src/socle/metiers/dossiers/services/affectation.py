"""Qui suit un dossier : s’en charger, le laisser, le confier à un collègue."""

from datetime import datetime

from django.db import transaction

from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.comptes.models import Compte
from socle.fondations.notifications import services as notifications
from socle.metiers.dossiers.enums import Fait
from socle.metiers.dossiers.errors import DossierDejaPris, DossierFerme
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import can_assign, can_receive
from socle.metiers.dossiers.services.commun import lock_dossier, record_fait, record_preuve


@transaction.atomic
def assign_dossier(
    *,
    dossier: Dossier,
    agent: Compte,
    suivi_par: Compte | None,
    attendu_id: int | None,
    maintenant: datetime,
    prevenir: bool = True,
) -> Dossier:
    """Confie un dossier ouvert à un agent qui peut l’instruire, ou le laisse à tous (None).

    Rejouable : confier à qui le suit déjà ne change rien. Le collègue est prévenu, jamais soi-même.

    Args:
        attendu_id: qui suivait le dossier sur la page de l’agent ; un autre entre-temps l’arrête.
        prevenir: faux quand l’appelant prévient une fois pour plusieurs dossiers.

    Raises:
        DossierFerme: le dossier est terminé. AccesRefuse: l’agent ne répartit pas ici.
        ErreurMetier: le collègue ne peut pas instruire ici.
        DossierDejaPris: quelqu’un d’autre suit le dossier depuis ; son nom est dit.
    """
    dossier = lock_dossier(dossier.numero)
    if dossier.is_brouillon or dossier.is_termine:
        raise DossierFerme("Ce dossier n’est pas ouvert : il ne se confie plus.", "Rechargez-le.")
    if not can_assign(agent, dossier):
        raise AccesRefuse
    if suivi_par is not None and not can_receive(suivi_par, dossier):
        raise ErreurMetier(
            f"{suivi_par.nom_affiche} ne peut pas instruire ici.",
            "Choisissez un instructeur ou un valideur du service en charge.",
        )
    vise_id = suivi_par.pk if suivi_par else None
    if dossier.suivi_par_id == vise_id:
        return dossier
    if dossier.suivi_par_id != attendu_id:
        raise DossierDejaPris(describe_suivi(dossier.suivi_par))
    dossier.suivi_par = suivi_par
    dossier.save(update_fields=["suivi_par", "modifie_le"])
    _tell(dossier, agent, maintenant)
    if prevenir and suivi_par is not None and suivi_par.pk != agent.pk:
        notify_collegue(dossier=dossier, collegue=suivi_par, par=agent, maintenant=maintenant)
    return dossier


def describe_suivi(compte: Compte | None) -> str:
    """Dit qui suit le dossier, dans le refus que lit le second agent."""
    if compte is None:
        return "Ce dossier vient d’être laissé à tous les agents."
    return f"{compte.nom_affiche} vient de prendre ce dossier."


def _tell(dossier: Dossier, agent: Compte, maintenant: datetime) -> None:
    suivi = dossier.suivi_par
    fait = Fait.CONFIE if suivi else Fait.LAISSE
    detail = suivi.nom_affiche if suivi and suivi.pk != agent.pk else ""
    record_fait(dossier, fait, auteur=agent, maintenant=maintenant, detail=detail)
    donnees = {"suivi_par": suivi.acteur if suivi else None}
    record_preuve(dossier, fait.value, acteur=agent.acteur, maintenant=maintenant, donnees=donnees)


def notify_collegue(
    *, dossier: Dossier, collegue: Compte, par: Compte, maintenant: datetime
) -> None:
    """Prévient un agent qu’un dossier lui est confié, dans son espace et par courriel."""
    notifications.notify(
        collectivite=dossier.collectivite,
        code="dossier_confie",
        contexte={
            "demarche": dossier.demarche.titre,
            "numero": str(dossier.numero),
            "reference": dossier.reference,
            "par": par.nom_affiche,
            "lien": build_adresse("dossiers:dossier", dossier.collectivite, dossier.numero),
        },
        maintenant=maintenant,
        compte=collegue,
        objet=dossier.objet,
    )


@transaction.atomic
def notify_lot(
    *, dossiers: list[Dossier], collegue: Compte, par: Compte, maintenant: datetime
) -> None:
    """Prévient un agent, une seule fois, des dossiers qui lui sont confiés ensemble."""
    if not dossiers or collegue.pk == par.pk:
        return
    if len(dossiers) == 1:
        notify_collegue(dossier=dossiers[0], collegue=collegue, par=par, maintenant=maintenant)
        return
    collectivite = dossiers[0].collectivite
    notifications.notify(
        collectivite=collectivite,
        code="dossiers_confies",
        contexte={
            "nombre": str(len(dossiers)),
            "par": par.nom_affiche,
            "lien": f"{build_adresse('dossiers:liste', collectivite)}?file=suivis",
        },
        maintenant=maintenant,
        compte=collegue,
    )

"""Publier, fermer, rouvrir."""

from datetime import datetime

from django.db import transaction

from socle.fondations.comptes.models import Compte
from socle.metiers.demarches.enums import EtatDemarche, EtatVersion
from socle.metiers.demarches.errors import PublicationImpossible, VersionModifieeAilleurs
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.demarches.queries import get_brouillon, get_version_publiee
from socle.metiers.demarches.services.brouillon import open_brouillon
from socle.metiers.demarches.services.controles import check_publication
from socle.metiers.demarches.services.suivi import record_action


@transaction.atomic
def publish_version(
    *, demarche: Demarche, agent: Compte, maintenant: datetime, revision: int | None = None
) -> Version:
    """Publie le brouillon : il est figé, et sert aux nouvelles demandes.

    Les demandes déjà commencées restent sur leur version et se voient proposer la nouvelle.
    Une démarche fermée dont le formulaire n’a pas changé rouvre sur sa dernière version.

    Args:
        revision: celle du brouillon que la page montrait ; None, rien n’est comparé.

    Raises:
        VersionModifieeAilleurs: le brouillon a changé depuis : on ne publie que ce qu’on a lu.
        PublicationImpossible: un ou plusieurs défauts, avec leur lieu.
    """
    demarche = _lock(demarche)
    version = get_brouillon(demarche) or get_version_publiee(demarche)
    if version is None:
        version = open_brouillon(demarche=demarche, agent=agent, maintenant=maintenant)
    if version.etat == EtatVersion.BROUILLON:
        version = Version.objects.select_for_update(of=["self"]).get(pk=version.pk)
        if revision not in (None, version.revision):
            raise VersionModifieeAilleurs
    defauts = check_publication(demarche, version)
    if defauts:
        raise PublicationImpossible(defauts)
    action = "demarche.publiee"
    if version.etat == EtatVersion.PUBLIEE:
        action = "demarche.rouverte"
    else:
        version.etat = EtatVersion.PUBLIEE
        version.publiee_le = maintenant
        version.publiee_par = agent
        version.save(update_fields=["etat", "publiee_le", "publiee_par", "modifie_le"])
    if action == "demarche.rouverte" and demarche.etat == EtatDemarche.PUBLIEE:
        return version  # double clic : déjà en ligne
    demarche.etat = EtatDemarche.PUBLIEE
    demarche.publiee_le = demarche.publiee_le or maintenant
    demarche.close_le = None
    demarche.save(update_fields=["etat", "publiee_le", "close_le", "modifie_le"])
    record_action(demarche, action, agent, maintenant, {"version": version.numero})
    return version


@transaction.atomic
def close_demarche(*, demarche: Demarche, agent: Compte, maintenant: datetime) -> Demarche:
    """Ferme une démarche : plus de nouvelle demande, les dossiers en cours continuent."""
    demarche.etat = _lock(demarche).etat
    if demarche.etat != EtatDemarche.PUBLIEE:
        return demarche
    demarche.etat = EtatDemarche.CLOSE
    demarche.close_le = maintenant
    demarche.save(update_fields=["etat", "close_le", "modifie_le"])
    record_action(demarche, "demarche.close", agent, maintenant)
    return demarche


def _lock(demarche: Demarche) -> Demarche:
    return (
        Demarche.objects.select_for_update(of=["self"])
        .select_related("service", "regle")
        .get(pk=demarche.pk)
    )

"""Travaux des dossiers : les PDF sont faits ici, hors de la requête de l’usager."""

from django.db.models import QuerySet
from django.utils import timezone

from socle.fondations.commun.lectures import Lecture, Parametre
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.taches import periodique, tache
from socle.fondations.documents.services import store_bytes
from socle.fondations.notifications.enums import EtatEnvoi
from socle.fondations.notifications.tasks import send
from socle.metiers.dossiers.exports import lettres
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services.elimination import execute_bordereau
from socle.metiers.dossiers.services.emission import attach_accuse, publish_decision
from socle.metiers.dossiers.services.purge import purge_brouillons, warn_brouillons


def _compose_a_emettre() -> QuerySet[Dossier]:
    return (
        Dossier.objects.filter(numero=Parametre("numero"))
        .select_related("collectivite", "demarche__service", "usager", "suivi_par")
        .defer("recherche")
    )


A_EMETTRE = Lecture(_compose_a_emettre)
A_EMETTRE_VERROUILLE = Lecture(lambda: _compose_a_emettre().select_for_update(of=["self"]))


@tache(name="dossiers.emettre_accuse")
def emettre_accuse(*, collectivite_id: int, numero: int) -> None:
    """Fait le PDF de l’accusé de réception, l’attache et prévient l’usager."""
    maintenant = timezone.now()
    with locataire(collectivite_id):
        dossier = _load(numero, verrou=True)
        if dossier.accuse_id is not None:
            return
        contenu = lettres.build_accuse(dossier)
        document = store_bytes(
            collectivite=dossier.collectivite,
            contenu=contenu,
            nom=f"accuse-{dossier.reference}.pdf",
            objet=dossier.objet,
            type_mime="application/pdf",
            maintenant=maintenant,
        )
        envoi = attach_accuse(
            dossier=dossier, document=document, contenu=contenu, maintenant=maintenant
        )
    if envoi is not None and envoi.etat == EtatEnvoi.A_ENVOYER:
        send(envoi=envoi, maintenant=maintenant)


@tache(name="dossiers.emettre_decision")
def emettre_decision(*, collectivite_id: int, numero: int) -> None:
    """Fait le PDF de la décision et la met à disposition de l’usager."""
    maintenant = timezone.now()
    with locataire(collectivite_id):
        dossier = _load(numero)
        if not dossier.is_termine or dossier.decision_id is not None:
            return
        contenu = lettres.build_decision(dossier)
        document = store_bytes(
            collectivite=dossier.collectivite,
            contenu=contenu,
            nom=f"decision-{dossier.reference}.pdf",
            objet=dossier.objet,
            type_mime="application/pdf",
            maintenant=maintenant,
        )
        publish_decision(numero=numero, document=document, maintenant=maintenant)


def _load(numero: int, *, verrou: bool = False) -> Dossier:
    dossier = (A_EMETTRE_VERROUILLE if verrou else A_EMETTRE).first(numero=numero)
    if dossier is None:
        raise Dossier.DoesNotExist
    return dossier


@tache(name="dossiers.eliminer")
def eliminer(*, collectivite_id: int, bordereau_id: int) -> None:
    """Détruit les dossiers d’un bordereau visé. Rejouable : ce qui est détruit le reste."""
    execute_bordereau(
        collectivite_id=collectivite_id, bordereau_id=bordereau_id, maintenant=timezone.now()
    )


@periodique(name="dossiers.annoncer_effacements", cron="47 2 * * *")
def annoncer_effacements(*, timestamp: int) -> None:
    """Prévient chaque nuit les personnes dont le brouillon sera effacé dans sept jours."""
    warn_brouillons(maintenant=timezone.now())


@periodique(name="dossiers.purger_brouillons", cron="17 3 * * *")
def purger_brouillons(*, timestamp: int) -> None:
    """Efface chaque nuit les brouillons abandonnés depuis trois mois."""
    purge_brouillons(maintenant=timezone.now())

"""Convocations à envoyer, votes à clore, rapport du mois : le réseau est hors transaction."""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import formataddr
from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.agenda import build_agenda
from socle.fondations.commun.couleurs import ACCENT_PAR_DEFAUT
from socle.fondations.commun.taches import periodique, tache
from socle.fondations.commun.textes import format_heure, format_jour
from socle.fondations.notifications.services import render_html
from socle.metiers.gouvernance.enums import EtatEnvoi, EtatReunion
from socle.metiers.gouvernance.exports.agenda import build_rendezvous
from socle.metiers.gouvernance.models import Convocation
from socle.metiers.gouvernance.services import application
from socle.metiers.gouvernance.services.rapports import make_rapport
from socle.metiers.gouvernance.services.reunions import TACHE
from socle.metiers.gouvernance.services.votes import close_votes_echus

trace = logging.getLogger("socle.gouvernance")


@tache(name=TACHE, queue="courriels")
def envoyer_convocation(*, convocation_id: int) -> None:
    """Envoie une convocation, une modification ou une annulation. L’état en base décide.

    Rejouée, elle n’envoie pas deux fois ; une panne du serveur de courriel la relance.
    """
    convocation = (
        Convocation.objects.filter(pk=convocation_id, envoi=EtatEnvoi.A_ENVOYER)
        .select_related("reunion__instance", "siege", "compte")
        .first()
    )
    if convocation is None:
        return
    envoi = EtatEnvoi.ENVOYEE
    try:
        build_courriel(convocation).send()
    except SMTPRecipientsRefused:
        envoi = EtatEnvoi.ECHEC
    Convocation.objects.filter(pk=convocation.pk, envoi=EtatEnvoi.A_ENVOYER).update(
        envoi=envoi, envoyee_le=timezone.now(), essais=convocation.essais + 1
    )
    trace.info("convocation", extra={"envoi": str(envoi), "reunion": convocation.reunion_id})


@tache(name=application.TACHE)
def appliquer_effet(*, effet_id: int) -> None:
    """Applique un effet d’une décision prise ; rejouée, elle ne l’applique pas deux fois."""
    effet = application.run_effet(
        pk=effet_id, acteur="systeme", nom="Socle, d’office", maintenant=timezone.now()
    )
    trace.info("decision.effet", extra={"effet": effet_id, "etat": effet.etat})


def build_courriel(convocation: Convocation) -> EmailMultiAlternatives:
    """Met la convocation en forme, avec l’évènement à ajouter à son agenda."""
    reunion = convocation.reunion
    nom = settings.NOM_INSTALLATION
    quoi = {EtatReunion.ANNULEE: "Annulation"}.get(
        EtatReunion(reunion.etat), "Changement" if convocation.envoyee_le else "Convocation"
    )
    sujet = f"{quoi} : {reunion.titre}, {format_jour(reunion.debut)}"
    corps = _write_corps(convocation, quoi)
    hote = urlsplit(settings.ADRESSE).hostname or "localhost"
    courriel = EmailMultiAlternatives(
        subject=" ".join(sujet.split())[:200],
        body=corps,
        from_email=formataddr((nom, settings.DEFAULT_FROM_EMAIL)),
        to=[convocation.courriel],
        headers={
            "Message-ID": f"<convocation-{convocation.pk}-{reunion.revision}@{hote}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    courriel.attach_alternative(
        render_html(
            corps, sujet=sujet, entete=nom, couleur=ACCENT_PAR_DEFAUT, pied=f"Envoyé par {nom}."
        ),
        "text/html",
    )
    agenda = build_agenda(reunion.instance.sigle, [build_rendezvous(reunion, prive=True)])
    courriel.attach("reunion.ics", agenda, "text/calendar")
    return courriel


def _write_corps(convocation: Convocation, quoi: str) -> str:
    reunion, instance = convocation.reunion, convocation.reunion.instance
    lignes = [
        f"Bonjour {convocation.compte.nom_affiche},",
        f"{quoi} : {reunion.titre} ({instance.nom}), au titre de {convocation.siege.organisation}.",
        f"Le {format_jour(reunion.debut, semaine=True)}, de {format_heure(reunion.debut)} à"
        f" {format_heure(reunion.fin)}.",
    ]
    if reunion.etat == EtatReunion.ANNULEE:
        return "\n\n".join([*lignes, f"Cette réunion n’aura pas lieu : {reunion.motif_annulation}"])
    if reunion.lieu:
        lignes.append(f"Lieu : {reunion.lieu}.")
    if reunion.visio:
        lignes.append(f"Visioconférence : {reunion.visio}")
    chemin = build_chemin_installation("gouvernance:mes_instances")
    page = build_chemin_installation("gouvernance:reunion", reunion.pk)
    lignes.append(f"L’ordre du jour et ses documents : {settings.ADRESSE}{page}")
    lignes.append(f"Répondre, ou confier votre voix : {settings.ADRESSE}{chemin}")
    return "\n\n".join(lignes)


@periodique(name="gouvernance.clore_votes", cron="*/5 * * * *")
def clore_votes(*, timestamp: int) -> None:
    """Clôt les votes en ligne dont la date est passée."""
    faits = close_votes_echus(maintenant=datetime.fromtimestamp(timestamp, UTC))
    if faits:
        trace.info("votes.clos", extra={"decisions": faits})


@periodique(name="gouvernance.rapport_mensuel", cron="10 5 * * *")
def publier_rapport(*, timestamp: int) -> None:
    """Le 1er du mois, fait le rapport du mois fini ; les autres jours, celui qui manquerait."""
    maintenant = datetime.fromtimestamp(timestamp, UTC)
    mois = timezone.localdate(maintenant).replace(day=1) - timedelta(days=1)
    rapport, neuf = make_rapport(mois=mois, maintenant=maintenant)
    if neuf:
        trace.info("rapport.publie", extra={"mois": rapport.slug})

"""Faire partir les courriels, hors transaction ; reprendre ceux qu’un arrêt a laissés."""

import base64
import logging
from datetime import UTC, datetime, timedelta
from email.utils import formataddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.errors import TropDeDemandes
from socle.fondations.commun.frequence import check_frequences
from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.commun.taches import defer, periodique, tache
from socle.fondations.notifications import ports, services
from socle.fondations.notifications.enums import EtatEnvoi
from socle.fondations.notifications.models import Envoi
from socle.fondations.notifications.services.preferences import build_jeton

traces = logging.getLogger(__name__)
RETARD = timedelta(minutes=5)
# Une boîte ne reçoit pas plus, de toutes les collectivités ensemble : le reste attend son tour.
LIMITES = ((20, timedelta(hours=1)), (60, timedelta(days=1)))
PERMANENTE = 500


@tache(name="notifications.envoyer", relances=None, queue="courriels")
def envoyer(*, collectivite_id: int, envoi_id: str) -> None:
    """Fait partir un courriel. L’état en base décide : rejouée, la tâche n’envoie pas deux fois."""
    maintenant = timezone.now()
    with locataire(collectivite_id):
        envoi = (
            Envoi.objects.filter(pk=envoi_id, etat=EtatEnvoi.A_ENVOYER)
            .select_related("collectivite")
            .order_by("pk")
            .first()
        )
    if envoi is None or (envoi.prochain_essai_le and envoi.prochain_essai_le > maintenant):
        return
    send(envoi=envoi, maintenant=maintenant)


def send(*, envoi: Envoi, maintenant: datetime) -> None:
    """Fait partir un envoi et note le résultat ; un échec se remet en file.

    Une tâche qui vient de valider un `notify(..., en_file=False)` l’appelle, hors transaction.
    """
    erreur, definitif = deliver(envoi, maintenant)
    with locataire(envoi.collectivite_id):
        if erreur:
            services.record_echec(
                envoi=envoi, erreur=erreur, definitif=definitif, maintenant=maintenant
            )
        else:
            services.record_envoye(envoi=envoi, maintenant=maintenant)
    traces.info("courriel", extra={"code": envoi.code, "erreur": erreur, "essais": envoi.essais})


def deliver(envoi: Envoi, maintenant: datetime) -> tuple[str, bool]:
    """Parle au serveur de courriel. Rend (erreur, définitive) ; erreur vide si c’est parti."""
    try:
        check_frequences(
            quoi="courriel",
            qui=envoi.destinataire.lower(),
            limites=LIMITES,
            maintenant=maintenant,
        )
        build_courriel(envoi).send()
    except TropDeDemandes:
        return "Trop de courriels vers cette adresse : le suivant attend.", False
    except SMTPRecipientsRefused as refus:
        codes = [code for code, _ in refus.recipients.values()]
        return f"Adresse refusée ({codes[0]}).", all(code >= PERMANENTE for code in codes)
    except SMTPResponseException as refus:
        return f"Serveur de courriel : réponse {refus.smtp_code}.", False
    except (SMTPException, OSError) as panne:
        return f"Serveur de courriel injoignable ({type(panne).__name__}).", False
    except ValueError as defaut:
        return f"Courriel impossible à écrire ({type(defaut).__name__}).", True
    return "", False


def build_courriel(envoi: Envoi) -> EmailMultiAlternatives:
    """Met un envoi en forme : texte, HTML, pièces, en-têtes de désabonnement s’il est permis.

    L’identifiant du message est celui de l’envoi : parti deux fois par accident, il reste un seul
    courriel pour la plupart des logiciels.
    """
    collectivite = envoi.collectivite
    hote = urlsplit(settings.ADRESSE).hostname or "localhost"
    pied = f"Envoyé par {collectivite.nom}."
    if not collectivite.courriel:
        pied += " Ne répondez pas à ce courriel : personne ne le lirait."
    entetes = {"Message-ID": f"<{envoi.pk}@{hote}>", "Auto-Submitted": "auto-generated"}
    if envoi.code in ports.modeles and not ports.modeles[envoi.code].obligatoire:
        adresse = build_adresse("notifications:desabonner", collectivite, build_jeton(envoi))
        entetes["List-Unsubscribe"] = f"<{adresse}>"
        entetes["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        pied += f"\nNe plus recevoir ce courriel : {adresse}"
    courriel = EmailMultiAlternatives(
        subject=envoi.sujet,
        body=f"{envoi.corps}\n\n-- \n{pied}\n",
        from_email=formataddr((collectivite.nom, settings.DEFAULT_FROM_EMAIL)),
        to=[envoi.destinataire],
        reply_to=[collectivite.courriel] if collectivite.courriel else None,
        headers=entetes,
        connection=get_connection(),
    )
    html = services.render_html(
        envoi.corps,
        sujet=envoi.sujet,
        entete=collectivite.nom,
        couleur=collectivite.couleur,
        pied=pied,
    )
    courriel.attach_alternative(html, "text/html")
    for piece in envoi.pieces:
        courriel.attach(piece["nom"], base64.b64decode(piece["contenu"]), piece["type_mime"])
    return courriel


@periodique(name="notifications.reprendre", cron="*/5 * * * *")
def reprendre(*, timestamp: int) -> None:
    """Remet en file les courriels dont l’heure est passée : la tâche a été perdue."""
    limite = datetime.fromtimestamp(timestamp, UTC) - RETARD
    with operateur():
        envois = list(
            Envoi.objects.filter(etat=EtatEnvoi.A_ENVOYER, prochain_essai_le__lt=limite)
            .order_by("prochain_essai_le")
            .values_list("collectivite_id", "pk")[:500]
        )
    for collectivite_id, envoi_id in envois:
        defer(
            "notifications.envoyer",
            verrou=f"envoi:{envoi_id}",
            collectivite_id=collectivite_id,
            envoi_id=str(envoi_id),
        )


@periodique(name="notifications.purger", cron="43 3 * * 0")
def purger(*, timestamp: int) -> None:
    """Chaque semaine, efface les vieux courriels (90 jours) et messages (2 ans)."""
    with operateur():
        services.purge_envois(maintenant=datetime.fromtimestamp(timestamp, UTC))

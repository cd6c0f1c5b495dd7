"""Messages entre l’usager et le service, consultations et appels à l’État."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.textes import format_jour
from socle.fondations.comptes.models import Compte
from socle.fondations.formulaires.ports import SourceDonnees, Trace
from socle.fondations.journal import services as journal
from socle.fondations.notifications import services as notifications
from socle.fondations.notifications.models import Envoi
from socle.fondations.notifications.ports import PieceCourriel
from socle.metiers.dossiers.models import AppelSource, Dossier, Message
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services.commun import lock_dossier, record_preuve
from socle.metiers.dossiers.services.complements import explain_arret
from socle.metiers.dossiers.services.demandeur import SANS_DEMANDEUR
from socle.metiers.dossiers.services.guichet import can_accepter_portail
from socle.metiers.dossiers.services.modeles_guichet import SANS_ACCES

LONGUEUR_MAX = 10_000
DOUBLON = timedelta(minutes=1)  # le même texte, du même auteur : le bouton a été pressé deux fois
EXTRAIT = 4_000  # signes de la demande dans le courriel : le lien reste toujours dessous


@transaction.atomic
def send_message(
    *,
    dossier: Dossier,
    auteur: Compte | None,
    corps: str,
    maintenant: datetime,
    correction: bool = False,
) -> Message:
    """Écrit un message dans le dossier ; prévient l’usager si un agent écrit.

    Rejouable : un second envoi du même texte dans la minute rend le premier message.

    Raises:
        ErreurMetier: message vide ou de plus de 10 000 signes.
    """
    corps = corps.strip()
    if not corps or len(corps) > LONGUEUR_MAX:
        raise ErreurMetier(
            "Le message est vide ou trop long.", f"Écrivez de 1 à {LONGUEUR_MAX} signes."
        )
    par_agent = bool(auteur and auteur.is_agent)
    lock_dossier(dossier.numero)  # deux envois à la fois se suivent
    deja = _find_doublon(dossier, auteur, corps, maintenant)
    if deja is not None:
        return deja
    message = Message.objects.create(
        collectivite_id=dossier.collectivite_id,
        dossier=dossier,
        instant=maintenant,
        auteur=auteur,
        auteur_nom=auteur.nom_affiche if auteur else dossier.demandeur,
        par_agent=par_agent,
        corps=corps,
        correction=correction,
    )
    acteur = auteur.acteur if auteur else f"invite:{dossier.numero}"
    record_preuve(dossier, "message", acteur=acteur, maintenant=maintenant)
    if par_agent:
        notify_usager(
            dossier,
            "dossier_correction" if correction else "dossier_message",
            maintenant,
            plus={"message": cut_extrait(corps)}
            | (describe_correction(dossier) if correction else {}),
        )
    else:
        Dossier.objects.filter(pk=dossier.pk).update(message_non_lu=True)
    return message


def _find_doublon(
    dossier: Dossier, auteur: Compte | None, corps: str, maintenant: datetime
) -> Message | None:
    recents = Message.objects.filter(
        collectivite_id=dossier.collectivite_id, dossier=dossier, instant__gt=maintenant - DOUBLON
    )
    return recents.filter(auteur=auteur, corps=corps).order_by("pk").first()


def describe_correction(dossier: Dossier) -> dict[str, str]:
    """Rend ce que le message dit d’une correction : jusqu’à quand, et l’effet sur le délai.

    Source: CRPA, art. R. 112-11-4.
    """
    limite = format_jour(dossier.correction_limite) if dossier.correction_limite else ""
    return {"limite": limite, "effet": explain_arret(dossier.demarche)}


def describe_service(dossier: Dossier) -> str:
    """Rend le service et de quoi le joindre, sur une ligne."""
    service = dossier.demarche.service
    if service is None:
        return dossier.collectivite.nom
    adresse = ", ".join(service.adresse.splitlines())
    morceaux = (service.nom, service.telephone, service.courriel or adresse)
    return ", ".join(morceau for morceau in morceaux if morceau)


def cut_extrait(corps: str) -> str:
    """Rend le texte borné que porte un courriel : ce qui le suit n’est jamais coupé."""
    return corps if len(corps) <= EXTRAIT else f"{corps[:EXTRAIT]}… (la suite est au dossier)"


def notify_usager(
    dossier: Dossier,
    code: str,
    maintenant: datetime,
    *,
    pieces: Sequence[PieceCourriel] = (),
    en_file: bool = True,
    plus: Mapping[str, str] | None = None,
) -> Envoi | None:
    """Prévient l’usager par le portail et, s’il a donné un courriel, par courriel.

    `en_file` : voir `notifications.services.notify`. `plus` : balises propres à ce message.
    """
    if dossier.usager_id is None and not dossier.courriel:
        return None
    contexte = {
        "demarche": dossier.demarche.titre,
        "numero": str(dossier.numero),
        "reference": dossier.reference or "",
        "demandeur": dossier.demandeur or SANS_DEMANDEUR,
        "lien": build_adresse("dossiers:suivi", dossier.collectivite, dossier.numero),
        **(plus or {}),
    }
    if not can_accepter_portail(dossier):
        code = SANS_ACCES.get(code, code)
        contexte |= {"lien": "", "service": describe_service(dossier)}
    return notifications.notify(
        collectivite=dossier.collectivite,
        code=code,
        contexte=contexte,
        maintenant=maintenant,
        compte=dossier.usager,
        courriel=dossier.courriel,
        objet=dossier.objet,
        pieces=pieces if dossier.courriel else (),
        en_file=en_file,
    )


def mark_lus(*, dossier: Dossier, maintenant: datetime) -> None:
    """Marque lus par le service les messages de l’usager ; deux instructions au plus, une fois."""
    if dossier.message_non_lu:
        Dossier.objects.filter(pk=dossier.pk).update(message_non_lu=False)
    Message.objects.filter(
        collectivite_id=dossier.collectivite_id,
        dossier=dossier,
        par_agent=False,
        lu_le__isnull=True,
    ).update(lu_le=maintenant)


CONSULTATION = """
INSERT INTO dossiers_consultation
  (collectivite_id, dossier_id, agent_id, agent_nom, heure, cree_le, modifie_le)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (collectivite_id, dossier_id, agent_id, heure) DO NOTHING
"""


def record_consultation(*, dossier: Dossier, agent: Compte, maintenant: datetime) -> None:
    """Note qu’un agent a ouvert le dossier : une fois par heure, sans verrou."""
    heure = maintenant.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as curseur:
        curseur.execute(
            CONSULTATION,
            [
                dossier.collectivite_id, dossier.numero, agent.pk, agent.nom_affiche, heure,
                maintenant, maintenant,
            ],
        )  # fmt: skip
        nouvelle = curseur.rowcount == 1
    if nouvelle:
        journal.record(
            action="dossier.consulte",
            objet=dossier.objet,
            acteur=agent.acteur,
            collectivite_id=dossier.collectivite_id,
            maintenant=maintenant,
        )


@transaction.atomic
def record_appel(
    *,
    dossier: Dossier,
    source: SourceDonnees,
    trace: Trace,
    acces: Acces,
    maintenant: datetime,
) -> AppelSource:
    """Garde la trace d’un appel à un service de l’État, réussi ou non.

    La personne la lit sur son dossier ; au journal, elle survit au dossier et au brouillon effacés.

    Source: CRPA, art. R. 114-9-7 (trace gardée 36 mois, montrée à la personne).
    """
    appel = AppelSource.objects.create(
        collectivite_id=dossier.collectivite_id,
        dossier=dossier,
        source=source.code,
        organisme=source.organisme,
        finalite=source.finalite,
        donnees=[donnee.libelle for donnee in source.donnees],
        endpoint=trace.endpoint[:200],
        statut=trace.statut_http,
        identifiant=trace.identifiant_requete[:100],
        instant=maintenant,
    )
    record_preuve(
        dossier,
        "source_appelee",
        acteur=acces.acteur(),
        maintenant=maintenant,
        donnees={
            "source": appel.source,
            "adresse": appel.endpoint,
            "statut": appel.statut,
            "identifiant": appel.identifiant,
        },
    )
    return appel

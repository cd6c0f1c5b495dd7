"""Lire les retours des serveurs (DSN, RFC 3464) et suspendre les adresses qui refusent.

Un retour est écrit par n’importe qui : taille bornée, et il ne compte que si l’identifiant du
message d’origine porte notre signature.
"""

import email
import email.policy
import hmac
import mailbox
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.encoding import force_str

from socle.fondations.journal.services import record
from socle.metiers.diffusion.enums import EtatAbonne, EtatRemise
from socle.metiers.diffusion.models import Abonne, Remise
from socle.metiers.diffusion.services.courrier import sign_remise

TAILLE_MAX = 512 * 1024
MESSAGES_MAX = 5_000
PARTIES_MAX = 50
GARDE = timedelta(days=365)
SOUPLES_MAX = 3  # retours passagers avant de suspendre
IDENTIFIANT = re.compile(r"<(r(\d{1,18})\.[0-9a-f]{24})@")
STATUT = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
# Définitifs : adresse ou domaine inconnus, boîte fermée (RFC 3463, § 3.2 et 3.3).
DEFINITIFS = re.compile(r"5\.1\.\d+|5\.2\.1|5\.4\.4|5\.0\.0")


@dataclass(frozen=True, slots=True)
class Retour:
    """Ce que dit un retour d’une lettre : son statut, et s’il est définitif."""

    remise_id: int
    statut: str
    est_definitif: bool


def read_boite(chemin: Path, *, maintenant: datetime) -> dict[str, int]:
    """Lit une boîte maildir ou mbox. Rend les comptes : lus, retours, suspendus.

    Relire la même boîte ne compte rien deux fois.

    Raises:
        FileNotFoundError: pas de boîte à cet endroit.
    """
    if not chemin.exists():
        raise FileNotFoundError(chemin)
    boite: Any = (mailbox.Maildir if chemin.is_dir() else mailbox.mbox)(str(chemin), create=False)
    comptes = {"lus": 0, "retours": 0, "suspendus": 0}
    try:
        for cle in boite.keys()[:MESSAGES_MAX]:
            with boite.get_file(cle) as fichier:
                brut = fichier.read(TAILLE_MAX + 1)
            comptes["lus"] += 1
            retour = parse_retour(brut)
            if retour and (suspendu := record_retour(retour, maintenant=maintenant)) is not None:
                comptes["retours"] += 1
                comptes["suspendus"] += suspendu
    finally:
        boite.close()
    return comptes


@transaction.atomic
def purge_suspendus(*, maintenant: datetime) -> int:
    """Un an après sa suspension, une adresse qui refuse nos lettres est effacée. Rend le nombre."""
    vieux = Abonne.objects.filter(etat=EtatAbonne.SUSPENDU, modifie_le__lt=maintenant - GARDE)
    nombre = vieux.update(
        etat=EtatAbonne.DESABONNE, courriel=None, themes=[], territoire="", parti_le=maintenant
    )
    if nombre:
        record(
            action="abonne.purge", objet="diffusion:abonnes", acteur="systeme",
            collectivite_id=None, maintenant=maintenant, donnees={"abonnes": nombre},
        )  # fmt: skip
    return nombre


def parse_retour(brut: bytes) -> Retour | None:
    """Lit un retour ; None si ce n’en est pas un, ou pas de l’une de nos lettres."""
    if len(brut) > TAILLE_MAX:
        return None
    message = email.message_from_bytes(brut, policy=email.policy.compat32)
    if message.get_content_type() != "multipart/report":
        return None
    statut, remise_id = "", 0
    for rang, partie in enumerate(message.walk()):
        if rang >= PARTIES_MAX:
            break
        genre = partie.get_content_type()
        if genre == "message/delivery-status":
            statut = statut or _read_statut(partie)
        elif genre in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            remise_id = remise_id or _read_remise(partie)
    if not (statut and remise_id):
        return None
    return Retour(remise_id, statut, bool(DEFINITIFS.fullmatch(statut)))


def _read_statut(partie: Message) -> str:
    """Rend le statut d’un échec, « 5.1.1 » ; vide pour un délai ou une remise réussie."""
    blocs: Any = partie.get_payload()
    for bloc in (blocs if isinstance(blocs, list) else [])[:PARTIES_MAX]:
        trouve = STATUT.search(force_str(bloc.get("Status", ""), errors="replace")[:100])
        action = force_str(bloc.get("Action", ""), errors="replace").strip().lower()
        if action == "failed" and trouve and trouve[1] in "45":
            return trouve[0]
    return ""


def _read_remise(partie: Message) -> int:
    """Rend la remise du message d’origine, si notre signature y est ; 0 sinon."""
    charge: Any = partie.get_payload()
    if isinstance(charge, list):
        origine = charge[0] if charge else EmailMessage()
        identifiant = str(origine.get("Message-ID", ""))
    else:
        identifiant = str(email.message_from_string(str(charge)[:20_000]).get("Message-ID", ""))
    trouve = IDENTIFIANT.search(identifiant[:300])
    if not trouve or not hmac.compare_digest(sign_remise(int(trouve[2])), trouve[1]):
        return 0
    return int(trouve[2])


@transaction.atomic
def record_retour(retour: Retour, *, maintenant: datetime) -> bool | None:
    """Note un retour ; rend vrai si l’adresse est suspendue, None s’il était déjà noté."""
    remises = Remise.objects.select_for_update(of=["self"]).filter(pk=retour.remise_id)
    remise = remises.order_by("pk").first()
    if remise is None or remise.etat == EtatRemise.REJETEE:
        return None
    remise.etat, remise.change_le = EtatRemise.REJETEE, maintenant
    remise.erreur = f"Revenue : {retour.statut}."
    remise.save()
    abonne = Abonne.objects.select_for_update().get(pk=remise.abonne_id)
    if abonne.etat != EtatAbonne.ACTIF:
        return False
    abonne.rejets += 1
    if retour.est_definitif or abonne.rejets >= SOUPLES_MAX:
        abonne.etat = EtatAbonne.SUSPENDU
        record(
            action="abonne.suspendu", objet=f"abonne:{abonne.pk}", acteur="systeme",
            collectivite_id=None, maintenant=maintenant, donnees={"statut": retour.statut},
        )  # fmt: skip
    abonne.save()
    return abonne.etat == EtatAbonne.SUSPENDU

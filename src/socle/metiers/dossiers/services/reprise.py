"""Ouvrir ailleurs une demande sans compte : un lien par courriel, court et à usage unique.

Sept jours : le temps d’un papier à retrouver ou d’un week-end. Le risque est borné autrement : une
seule ouverture, confirmée par un bouton (les antivirus de messagerie suivent les liens), un seul
lien vivant par demande, et seule son empreinte est en base. Ouvrir le lien change la clé du
demande : le navigateur d’avant, peut-être celui d’un poste partagé, ne l’ouvre plus.

Un brouillon envoie son lien à la boîte que dit son navigateur. Une demande déposée ne l’envoie qu’à
l’adresse de contact du dossier : qui le demande n’a rien prouvé.
"""

import hmac
import logging
import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.errors import AccesRefuse, TropDeDemandes
from socle.fondations.commun.frequence import check_frequences
from socle.fondations.commun.textes import format_jour
from socle.fondations.notifications import services as notifications
from socle.metiers.dossiers.errors import LienPerime
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces, can_edit, hash_jeton
from socle.metiers.dossiers.services.commun import lock_dossier, record_preuve

DUREE_LIEN = timedelta(days=7)
SEL, SEL_DEPOSE = "dossiers.reprise", "dossiers.acces"  # le lien d’un brouillon n’ouvre que lui
HEURE, JOUR = timedelta(hours=1), timedelta(days=1)
PAR_BROUILLON = ((3, HEURE), (6, JOUR))
PAR_BOITE = ((3, HEURE), (6, JOUR))
PAR_ADRESSE = ((20, HEURE), (60, JOUR))
traces = logging.getLogger(__name__)


@transaction.atomic
def request_lien(
    *, dossier: Dossier, acces: Acces, courriel: str, adresse: str, maintenant: datetime
) -> None:
    """Envoie à cette boîte un lien qui ouvre le brouillon ; le précédent ne sert plus.

    Une boîte qui en a déjà reçu trois dans l’heure n’en reçoit plus, sans que rien ne le dise : la
    page répond la même chose pour toute boîte.

    Args:
        adresse: adresse IP de qui demande, pour borner ses demandes.

    Raises:
        AccesRefuse: pas un brouillon d’invité, ou pas le sien.
        TropDeDemandes: trop de liens pour ce brouillon, ou depuis cette adresse.
    """
    lu = lock_dossier(dossier.numero)
    if not (lu.is_brouillon and lu.jeton and can_edit(acces, lu)):
        raise AccesRefuse
    for quoi, qui, limites in (
        ("dossiers.reprise.brouillon", str(lu.numero), PAR_BROUILLON),
        ("dossiers.reprise.adresse", adresse, PAR_ADRESSE),
    ):
        check_frequences(quoi=quoi, qui=qui, limites=limites, maintenant=maintenant)
    record_preuve(lu, "lien_demande", acteur=acces.acteur(), maintenant=maintenant)
    if not _has_place(courriel, maintenant):
        return
    lu.reprise_courriel = courriel
    send_lien(dossier=lu, code="dossier_reprise", maintenant=maintenant)


@transaction.atomic
def request_acces(
    *, collectivite: Collectivite, numero: int, courriel: str, adresse: str, maintenant: datetime
) -> None:
    """Envoie un lien vers une demande déposée sans compte, si l’adresse est bien la sienne.

    Rien ne dit si le dossier existe, ni si un courriel part.

    Args:
        courriel: adresse tapée par qui demande ; le lien ne part qu’à celle du dossier.
        adresse: adresse IP de qui demande, pour borner ses essais.

    Raises:
        TropDeDemandes: trop d’essais depuis cette adresse, quel que soit le dossier.
    """
    check_frequences(
        quoi="dossiers.reprise.adresse", qui=adresse, limites=PAR_ADRESSE, maintenant=maintenant
    )
    dossier = (
        Dossier.objects.filter(collectivite=collectivite, numero=numero)
        .select_for_update(of=["self"])
        .select_related("demarche", "collectivite")
        .defer("recherche")
        .first()
    )
    if dossier is None or not _is_ouvrable(dossier):
        return
    connue = dossier.courriel and dossier.courriel.lower() == courriel.lower()
    if not connue or not _has_place(dossier.courriel, maintenant):
        return
    acteur = f"invite:{dossier.numero}"
    record_preuve(dossier, "acces_demande", acteur=acteur, maintenant=maintenant)
    send_lien(
        dossier=dossier, code="dossier_acces", maintenant=maintenant, courriel=dossier.courriel
    )


def _is_ouvrable(dossier: Dossier) -> bool:
    """Une demande déposée sans compte par la personne elle-même, et qui n’est pas détruite."""
    return not dossier.is_brouillon and bool(dossier.jeton) and not dossier.is_elimine


def _has_place(courriel: str, maintenant: datetime) -> bool:
    """Compte un lien de plus pour cette boîte ; faux si elle en a déjà trop reçu."""
    try:
        check_frequences(
            quoi="dossiers.reprise.boite",
            qui=courriel.lower(),
            limites=PAR_BOITE,
            maintenant=maintenant,
        )
    except TropDeDemandes:
        traces.info("reprise.boite_pleine")
        return False
    return True


def send_lien(*, dossier: Dossier, code: str, maintenant: datetime, courriel: str = "") -> None:
    """Fabrique un lien neuf et l’envoie.

    N’est pas une modification : la date de dernier changement de la demande reste la sienne.

    Args:
        courriel: boîte qui le reçoit ; vide, celle que la personne a donnée pour son brouillon.
    """
    secret = secrets.token_urlsafe(32)
    expire_le = maintenant + DUREE_LIEN
    Dossier.objects.filter(pk=dossier.pk).update(
        reprise=hash_jeton(secret),
        reprise_expire_le=expire_le,
        reprise_courriel=dossier.reprise_courriel,
    )
    jeton = signing.dumps([dossier.numero, secret], salt=_find_sel(dossier))
    notifications.notify(
        collectivite=dossier.collectivite,
        code=code,
        contexte={
            "demarche": dossier.demarche.titre,
            "numero": str(dossier.numero),
            "date": format_jour(expire_le),
            "lien": build_adresse(
                "dossiers:reprendre", dossier.collectivite, dossier.numero, jeton
            ),
        },
        maintenant=maintenant,
        courriel=courriel or dossier.reprise_courriel,
        objet=dossier.objet,
    )


def find_repris(
    *,
    collectivite: Collectivite,
    numero: int,
    jeton: str,
    maintenant: datetime,
    verrou: bool = False,
) -> Dossier:
    """Rend la demande qu’ouvre ce lien, sans rien consommer.

    Raises:
        LienPerime: faux, déjà servi, dépassé, fait avant le dépôt, ou la demande est effacée.
    """
    dossiers = Dossier.objects.filter(collectivite=collectivite, numero=numero)
    if verrou:
        dossiers = dossiers.select_for_update(of=["self"])
    dossier = dossiers.select_related("demarche", "collectivite").defer("recherche").first()
    if dossier is None or not dossier.reprise:
        raise LienPerime
    if not (dossier.is_brouillon or _is_ouvrable(dossier)):
        raise LienPerime
    secret = _read_secret(dossier, jeton)
    valable = dossier.reprise_expire_le is not None and maintenant <= dossier.reprise_expire_le
    if not valable or not hmac.compare_digest(dossier.reprise, hash_jeton(secret)):
        raise LienPerime
    return dossier


def _find_sel(dossier: Dossier) -> str:
    return SEL if dossier.is_brouillon else SEL_DEPOSE


def _read_secret(dossier: Dossier, jeton: str) -> str:
    try:
        pour, secret = signing.loads(jeton, salt=_find_sel(dossier))
    except (signing.BadSignature, ValueError, TypeError):
        raise LienPerime from None
    if pour != dossier.numero or not isinstance(secret, str):
        raise LienPerime
    return secret


@transaction.atomic
def use_lien(
    *, collectivite: Collectivite, numero: int, jeton: str, maintenant: datetime
) -> tuple[Dossier, str]:
    """Consomme le lien ; rend la demande et la nouvelle clé de ce navigateur.

    Raises:
        LienPerime: voir `find_repris`.
    """
    dossier = find_repris(
        collectivite=collectivite, numero=numero, jeton=jeton, maintenant=maintenant, verrou=True
    )
    cle = secrets.token_urlsafe(32)
    dossier.jeton = hash_jeton(cle)
    dossier.reprise, dossier.reprise_expire_le = "", None
    dossier.save(update_fields=["jeton", "reprise", "reprise_expire_le", "modifie_le"])
    acteur = Acces(compte=None, jeton=cle).acteur()
    record_preuve(
        dossier,
        "repris" if dossier.is_brouillon else "acces_rouvert",
        acteur=acteur,
        maintenant=maintenant,
    )
    return dossier, cle

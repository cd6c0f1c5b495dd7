"""Noter ce qui part sur papier : l’envoi ou la remise, puis le jour de la réception."""

import re
from datetime import date, datetime

from django.db import transaction

from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.commun.textes import format_jour
from socle.fondations.comptes.models import Compte
from socle.metiers.dossiers.enums import Fait, Lettre, Moyen, SuiteDuPli
from socle.metiers.dossiers.errors import CourrierRefuse
from socle.metiers.dossiers.models import Dossier, EnvoiPostal
from socle.metiers.dossiers.permissions import can_instruct
from socle.metiers.dossiers.queries.courrier import get_document_id, needs_papier
from socle.metiers.dossiers.services.commun import lock_dossier, record_fait, record_preuve
from socle.normes.delais.calculs import to_jour
from socle.normes.preuve.engagements import engage

RECOMMANDE = re.compile(r"[0-9A-Z]{11,20}", re.ASCII)
FAITS = {
    SuiteDuPli.RECU: (Fait.COURRIER_REMIS, "reçue"),
    SuiteDuPli.NON_RECLAME: (Fait.COURRIER_NON_RECLAME, "présentée sans être réclamée"),
    SuiteDuPli.REVENU: (Fait.COURRIER_REVENU, "revenue"),
}
EN_CLAIR = {
    Moyen.RECOMMANDE: "en recommandé",
    Moyen.MAIN_PROPRE: "en main propre",
    Moyen.SIMPLE: "en lettre simple",
}


@transaction.atomic
def record_envoi(
    *,
    dossier: Dossier,
    agent: Compte,
    lettre: Lettre,
    moyen: Moyen,
    date_envoi: date,
    numero: str = "",
    maintenant: datetime,
) -> EnvoiPostal:
    """Note qu’une lettre est partie par la poste, ou a été remise en main propre ce jour-là.

    Rejouable : le même envoi noté deux fois n’en fait qu’un.

    Raises:
        AccesRefuse: l’agent n’instruit pas ici.
        CourrierRefuse: lettre absente ou déjà donnée par le portail, date impossible, pli en route.
    """
    dossier = _lock(dossier, agent)
    document_id = get_document_id(dossier, lettre)
    if document_id is None or not needs_papier(dossier, lettre):
        raise CourrierRefuse("Cette lettre n’est pas à envoyer sur papier.")
    _check_date(date_envoi, _read_depart(dossier, lettre), to_jour(maintenant))
    numero = clean_numero(numero) if moyen == Moyen.RECOMMANDE else ""
    envois = EnvoiPostal.objects.filter(
        collectivite_id=dossier.collectivite_id,
        dossier=dossier,
        lettre=lettre,
        document_id=document_id,
        annule=False,
    )
    meme = envois.filter(moyen=moyen, date_envoi=date_envoi, numero=numero).order_by("pk").first()
    if meme is not None:
        return meme
    if envois.filter(moyen=Moyen.RECOMMANDE, suite="").exists():
        raise CourrierRefuse(
            "Un recommandé est déjà en route pour cette lettre.",
            "Notez d’abord ce que La Poste a rendu, ou effacez l’envoi saisi par erreur.",
        )
    remis = moyen == Moyen.MAIN_PROPRE
    envoi = EnvoiPostal.objects.create(
        collectivite_id=dossier.collectivite_id,
        dossier=dossier,
        lettre=lettre,
        document_id=document_id,
        moyen=moyen,
        date_envoi=date_envoi,
        numero=numero,
        suite=SuiteDuPli.RECU if remis else "",
        date_suite=date_envoi if remis else None,
    )
    _tell(dossier, envoi, Fait.COURRIER_REMIS if remis else Fait.COURRIER_ENVOYE, agent, maintenant)
    return envoi


@transaction.atomic
def record_suite(
    *, envoi: EnvoiPostal, agent: Compte, suite: SuiteDuPli, date_suite: date, maintenant: datetime
) -> EnvoiPostal:
    """Note ce que La Poste a rendu d’un recommandé : avis signé, ou pli revenu.

    Args:
        date_suite: jour de la remise ; première présentation si le pli n’a pas été réclamé.

    Raises:
        CourrierRefuse: envoi sans avis de réception ou déjà clos, date impossible.
    """
    dossier = _lock(envoi.dossier, agent)
    envoi = EnvoiPostal.objects.select_for_update(of=["self"]).get(pk=envoi.pk)
    if (envoi.suite, envoi.date_suite) == (suite, date_suite) and not envoi.annule:
        return envoi
    if envoi.annule or envoi.suite or envoi.moyen != Moyen.RECOMMANDE:
        raise CourrierRefuse(
            "La suite de cet envoi est déjà notée, ou il n’a pas d’avis de réception.",
            "Effacez l’envoi saisi par erreur, puis notez-le de nouveau.",
        )
    _check_date(date_suite, envoi.date_envoi, to_jour(maintenant))
    envoi.suite, envoi.date_suite = suite, date_suite
    envoi.save(update_fields=["suite", "date_suite", "modifie_le"])
    _tell(dossier, envoi, FAITS[suite][0], agent, maintenant)
    return envoi


@transaction.atomic
def cancel_envoi(*, envoi: EnvoiPostal, agent: Compte, maintenant: datetime) -> EnvoiPostal:
    """Écarte un envoi saisi par erreur ; le fil et le journal gardent ce qui avait été noté."""
    dossier = _lock(envoi.dossier, agent)
    if EnvoiPostal.objects.filter(pk=envoi.pk, annule=False).update(annule=True):
        envoi.annule = True
        detail = f"Saisi par erreur : {describe_envoi(envoi)}"
        record_fait(dossier, Fait.COURRIER_EFFACE, auteur=agent, maintenant=maintenant,
                    detail=detail)  # fmt: skip
        _prove(dossier, envoi, "courrier_efface", agent, maintenant)
    return envoi


def clean_numero(numero: str) -> str:
    """Rend le numéro d’un recommandé sans espaces ; vide s’il n’est pas donné.

    Raises:
        CourrierRefuse: ce n’est pas un numéro de La Poste (de 11 à 20 lettres et chiffres).
    """
    propre = re.sub(r"[\s.\-]", "", numero).upper()
    if propre and not RECOMMANDE.fullmatch(propre):
        raise CourrierRefuse(
            "Ce numéro de recommandé n’est pas lisible.",
            "Recopiez les lettres et les chiffres sous le code-barres, ou laissez vide.",
        )
    return propre


def describe_envoi(envoi: EnvoiPostal) -> str:
    """Rend la ligne du fil : « Décision, en recommandé, le 24 novembre 2026 »."""
    phrase = f"{Lettre(envoi.lettre).label}, {EN_CLAIR[Moyen(envoi.moyen)]}"
    if envoi.suite and envoi.moyen == Moyen.RECOMMANDE and envoi.date_suite:
        return f"{phrase}, {FAITS[SuiteDuPli(envoi.suite)][1]} le {format_jour(envoi.date_suite)}"
    return f"{phrase}, le {format_jour(envoi.date_envoi)}"


def _lock(dossier: Dossier, agent: Compte) -> Dossier:
    dossier = lock_dossier(dossier.numero)
    if not can_instruct(agent, dossier):
        raise AccesRefuse
    return dossier


def _read_depart(dossier: Dossier, lettre: Lettre) -> date:
    instant = dossier.decide_le if lettre == Lettre.DECISION else dossier.depose_le
    return to_jour(instant or dossier.depose_instant)


def _check_date(jour: date, premier: date, aujourdhui: date) -> None:
    if jour < premier:
        raise CourrierRefuse(
            f"Cette date est trop ancienne : pas avant le {format_jour(premier)}.",
            "Vérifiez le jour, le mois et l’année.",
        )
    if jour > aujourdhui:
        raise CourrierRefuse(
            "Cette date n’est pas encore passée.", "Notez-la le jour venu, ou corrigez-la."
        )


def _tell(
    dossier: Dossier, envoi: EnvoiPostal, fait: Fait, agent: Compte, maintenant: datetime
) -> None:
    record_fait(
        dossier, fait, auteur=agent, maintenant=maintenant, detail=describe_envoi(envoi),
        document_id=envoi.document_id,
    )  # fmt: skip
    _prove(dossier, envoi, fait.value, agent, maintenant)


def _prove(
    dossier: Dossier, envoi: EnvoiPostal, action: str, agent: Compte, maintenant: datetime
) -> None:
    """Le numéro du recommandé mène à la personne : le journal n’en garde qu’un engagement."""
    donnees = {
        "lettre": envoi.lettre,
        "document": str(envoi.document_id),
        "moyen": envoi.moyen,
        "date_envoi": envoi.date_envoi.isoformat(),
        "suite": envoi.suite,
        "date_suite": envoi.date_suite.isoformat() if envoi.date_suite else "",
    }
    nom = f"recommande:{envoi.pk}"
    engagements = {nom: engage(bytes(dossier.sel), nom, envoi.numero.encode())}
    record_preuve(
        dossier, action, acteur=agent.acteur, maintenant=maintenant, donnees=donnees,
        engagements=engagements if envoi.numero else None,
    )  # fmt: skip

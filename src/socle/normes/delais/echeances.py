"""Échéances nommées : date, article, et une phrase qui explique le calcul à la personne."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from socle.normes.delais.calculs import (
    add_jours,
    add_jours_ouvres,
    add_mois,
    compute_mois_francs,
)
from socle.normes.delais.calendrier import FRANCE, Calendrier
from socle.normes.delais.textes import write_jour, write_nombre

MOIS_DE_RECOURS = 2
MOIS_DE_SILENCE = 2
JOURS_AVANT_NOTIFICATION = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Echeance:
    """Dernier jour d’un délai. `article` cite le texte ; `explication` se lit telle quelle."""

    code: str
    depart: date
    date: date
    article: str
    explication: str


class SensDuSilence(StrEnum):
    """Ce que vaut le silence de l’administration au terme du délai."""

    ACCEPTATION = "acceptation"
    REJET = "rejet"


class ExceptionAuSilence(StrEnum):
    """Cas où le silence vaut rejet (CRPA, art. L. 231-4)."""

    PAS_INDIVIDUELLE = "1°"
    HORS_PROCEDURE = "2°"
    FINANCIERE = "3°"
    ORDRE_PUBLIC = "4°"
    AGENT = "5°"

    @property
    def motif(self) -> str:
        """Pourquoi, en une phrase à lire."""
        return _MOTIFS[self]


_MOTIFS = {
    ExceptionAuSilence.PAS_INDIVIDUELLE: "la demande ne vise pas une décision individuelle",
    ExceptionAuSilence.HORS_PROCEDURE: "la demande ne suit pas une procédure prévue par un texte, "
    "ou elle est une réclamation ou un recours",
    ExceptionAuSilence.FINANCIERE: "la demande a un caractère financier",
    ExceptionAuSilence.ORDRE_PUBLIC: "un décret l’exclut, pour des engagements internationaux, "
    "la sécurité ou l’ordre public",
    ExceptionAuSilence.AGENT: "la demande vient d’un agent de l’administration",
}


def compute_recours_contentieux(notification: date, *, calendrier: Calendrier = FRANCE) -> Echeance:
    """Dernier jour pour saisir le tribunal administratif contre une décision notifiée.

    Le délai n’est opposable que si la notification dit les voies et délais de recours.

    Source: code de justice administrative, art. R. 421-1 et R. 421-5.
    """
    return _recours(
        "recours_contentieux",
        notification,
        calendrier,
        article="code de justice administrative, art. R. 421-1 et R. 421-5",
        debut=f"La décision a été notifiée le {write_jour(notification)}. "
        "Le recours devant le tribunal administratif est possible pendant deux mois",
    )


def compute_recours_apres_silence(naissance: date, *, calendrier: Calendrier = FRANCE) -> Echeance:
    """Dernier jour pour saisir le tribunal contre un rejet implicite né le jour `naissance`.

    Source: code de justice administrative, art. R. 421-2.
    """
    return _recours(
        "recours_apres_silence",
        naissance,
        calendrier,
        article="code de justice administrative, art. R. 421-2",
        debut=f"Sans réponse, la demande est rejetée le {write_jour(naissance)}. "
        "Le recours devant le tribunal administratif est possible pendant deux mois",
    )


def compute_recours_gracieux(notification: date, *, calendrier: Calendrier = FRANCE) -> Echeance:
    """Dernier jour pour demander à l’autorité de revoir sa décision en gardant l’accès au juge.

    Le recours formé dans ce délai interrompt celui du tribunal, qui recommence à la réponse
    (`compute_recours_contentieux`) ou au rejet implicite (`compute_rejet_du_recours`).

    Source: code des relations entre le public et l’administration, art. L. 411-2.
    """
    return _recours(
        "recours_gracieux",
        notification,
        calendrier,
        article="code des relations entre le public et l’administration, art. L. 411-2",
        debut=f"La décision a été notifiée le {write_jour(notification)}. Le recours gracieux est "
        "possible pendant deux mois, et fait repartir le délai du tribunal",
    )


def _recours(
    code: str, depart: date, calendrier: Calendrier, *, article: str, debut: str
) -> Echeance:
    dernier = compute_mois_francs(depart, MOIS_DE_RECOURS, calendrier=calendrier)
    sans_report = add_mois(depart, MOIS_DE_RECOURS) + timedelta(1)
    report = _explain_report(sans_report, dernier, calendrier)
    return Echeance(
        code=code,
        depart=depart,
        date=dernier,
        article=article,
        explication=f"{debut}, sans compter le premier ni le dernier jour : "
        f"jusqu’au {write_jour(dernier)} inclus.{report}",
    )


def _explain_report(avant: date, apres: date, calendrier: Calendrier) -> str:
    if avant == apres:
        return ""
    ferie = calendrier.find_ferie(avant)
    cause = f"un jour férié ({ferie})" if ferie else f"un {write_jour(avant).split()[0]}"
    return (
        f" Le {write_jour(avant, nom=False)} est {cause} : "
        "le délai est reporté au premier jour ouvré qui suit."
    )


def compute_rejet_du_recours(reception: date) -> Echeance:
    """Jour où le silence sur un recours gracieux vaut rejet.

    Source: code des relations entre le public et l’administration, art. L. 231-4, 2°.
    """
    naissance = add_mois(reception, MOIS_DE_SILENCE)
    return Echeance(
        code="rejet_du_recours",
        depart=reception,
        date=naissance,
        article="code des relations entre le public et l’administration, art. L. 231-4, 2°",
        explication=f"Le recours a été reçu le {write_jour(reception)}. Sans réponse pendant deux "
        f"mois, il est rejeté le {write_jour(naissance)}.",
    )


def compute_silence(
    reception: date,
    *,
    exception: ExceptionAuSilence | None = None,
    mois: int = MOIS_DE_SILENCE,
    texte_du_delai: str = "",
) -> Echeance:
    """Jour où le silence vaut décision sur une demande complète.

    Le délai va de quantième à quantième ; il n’est ni franc ni reporté : une décision implicite
    naît aussi un dimanche.

    Args:
        reception: jour où l’autorité compétente a reçu la demande complète.
        exception: cas de rejet ; None, le silence vaut acceptation.
        mois: durée, si un texte déroge aux deux mois.
        texte_du_delai: ce texte, obligatoire quand `mois` n’est pas 2.

    Raises:
        ValueError: durée dérogatoire sans texte.

    Source: code des relations entre le public et l’administration, art. L. 231-1, L. 231-4 à
    L. 231-6.
    """
    if mois != MOIS_DE_SILENCE and not texte_du_delai:
        raise ValueError("Une durée dérogatoire exige le texte qui la prévoit.")
    sens = SensDuSilence.REJET if exception else SensDuSilence.ACCEPTATION
    naissance = add_mois(reception, mois)
    duree = f"{write_nombre(mois)} mois"
    article = "code des relations entre le public et l’administration, art. "
    article += f"L. 231-4, {exception.value}" if exception else "L. 231-1"
    if texte_du_delai:
        article += f" ; {texte_du_delai}"
    return Echeance(
        code=f"silence_vaut_{sens.value}",
        depart=reception,
        date=naissance,
        article=article,
        explication=_explain_silence(reception, naissance, duree, exception),
    )


def _explain_silence(
    reception: date, naissance: date, duree: str, exception: ExceptionAuSilence | None
) -> str:
    debut = f"La demande complète a été reçue le {write_jour(reception)}. Sans réponse pendant "
    if exception:
        return (
            f"{debut}{duree}, elle est rejetée le {write_jour(naissance)}, car {exception.motif}. "
            "Ce rejet peut être contesté devant le tribunal administratif."
        )
    return (
        f"{debut}{duree}, elle est acceptée le {write_jour(naissance)}. Une attestation "
        "de cette acceptation peut alors être demandée (même code, art. L. 232-3)."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Complement:
    """Pièces ou informations demandées.

    Attributes:
        demande_le: jour de la demande.
        limite: dernier jour accordé.
        recu_le: jour de leur réception ; None tant qu’elles manquent.
    """

    demande_le: date
    limite: date
    recu_le: date | None = None

    @property
    def suspension(self) -> int:
        """Jours où un délai de rejet est suspendu : jusqu’à la réception ou au terme accordé."""
        fin = min(self.recu_le or self.limite, self.limite)
        return max((fin - self.demande_le).days, 0)


def compute_silence_apres_complements(
    reception: date,
    complements: Sequence[Complement],
    *,
    exception: ExceptionAuSilence | None = None,
    mois: int = MOIS_DE_SILENCE,
    texte_du_delai: str = "",
) -> Echeance | None:
    """Jour où le silence vaut décision après une ou plusieurs demandes de pièces, dans l’ordre.

    Acceptation : le délai part de la dernière réception ; None tant que des pièces manquent.
    Rejet : les suspensions s’ajoutent. Sans demande, c’est `compute_silence`.

    Source: code des relations entre le public et l’administration, art. L. 114-5.
    """
    if exception is None:
        depart = complements[-1].recu_le if complements else reception
        if depart is None:
            return None
        return compute_silence(depart, mois=mois, texte_du_delai=texte_du_delai)
    base = compute_silence(reception, exception=exception, mois=mois, texte_du_delai=texte_du_delai)
    if not complements:
        return base
    suspension = sum(complement.suspension for complement in complements)
    fin = add_jours(base.date, suspension)
    return Echeance(
        code=base.code,
        depart=reception,
        date=fin,
        article=f"{base.article}, et art. L. 114-5",
        explication=f"La demande a été reçue le {write_jour(reception)}. Le délai a été suspendu "
        f"{suspension} jour(s), le temps de recevoir les pièces manquantes. Sans réponse, elle est "
        f"rejetée le {write_jour(fin)}.",
    )


def compute_accuse_enregistrement(reception: date, *, calendrier: Calendrier = FRANCE) -> Echeance:
    """Dernier jour d’envoi de l’accusé d’enregistrement électronique, s’il n’est pas instantané.

    Source: code des relations entre le public et l’administration, art. R. 112-11-2.
    """
    return _accuse("accuse_enregistrement", "L’accusé d’enregistrement", reception, 1, calendrier)


def compute_accuse_reception(reception: date, *, calendrier: Calendrier = FRANCE) -> Echeance:
    """Dernier jour d’envoi de l’accusé de réception électronique.

    Source: code des relations entre le public et l’administration, art. R. 112-11-2.
    """
    return _accuse("accuse_reception", "L’accusé de réception", reception, 10, calendrier)


def _accuse(code: str, sujet: str, reception: date, jours: int, calendrier: Calendrier) -> Echeance:
    dernier = add_jours_ouvres(reception, jours, calendrier=calendrier)
    delai = "dans le délai d’un jour ouvré" if jours == 1 else f"dans les {jours} jours ouvrés"
    return Echeance(
        code=code,
        depart=reception,
        date=dernier,
        article="code des relations entre le public et l’administration, art. R. 112-11-2",
        explication=f"L’envoi a été reçu le {write_jour(reception)}. {sujet} doit partir {delai} : "
        f"au plus tard le {write_jour(dernier)}.",
    )


def compute_notification_portail(mise_a_disposition: date) -> Echeance:
    """Dernier jour pour consulter une décision mise à disposition dans le portail.

    Passé ce jour sans consultation, la décision est réputée notifiée à la date de mise à
    disposition. L’accord exprès de la personne à ce mode de notification est nécessaire.

    Source: code des relations entre le public et l’administration, art. R. 112-17 à R. 112-20.
    """
    dernier = add_jours(mise_a_disposition, JOURS_AVANT_NOTIFICATION)
    return Echeance(
        code="notification_portail",
        depart=mise_a_disposition,
        date=dernier,
        article="code des relations entre le public et l’administration, art. R. 112-20",
        explication="La décision est disponible dans le portail depuis le "
        f"{write_jour(mise_a_disposition)}. Elle est notifiée le jour de sa lecture. Sans lecture "
        f"jusqu’au {write_jour(dernier)} inclus, elle est considérée comme notifiée depuis le "
        f"{write_jour(mise_a_disposition)}.",
    )


def find_date_de_notification(
    mise_a_disposition: date, *, consultee_le: date | None, aujourd_hui: date
) -> date | None:
    """Donne le jour où une décision du portail est notifiée ; None si rien n’est encore acquis.

    Args:
        mise_a_disposition: jour de l’avis de mise à disposition.
        consultee_le: première consultation par la personne, s’il y en a une.
        aujourd_hui: jour où l’on pose la question.

    Source: code des relations entre le public et l’administration, art. R. 112-20.
    """
    dernier = compute_notification_portail(mise_a_disposition).date
    if consultee_le is not None and consultee_le <= dernier:
        return consultee_le
    return mise_a_disposition if aujourd_hui > dernier else None

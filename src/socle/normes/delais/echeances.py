"""Échéances nommées : date, article, et une phrase qui explique le calcul à la personne."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from socle.normes.delais.calculs import add_jours, add_mois
from socle.normes.delais.calendrier import FRANCE, Calendrier
from socle.normes.delais.moteur import Echeance, build_reserve, compute_delai
from socle.normes.delais.regles import find_regle
from socle.normes.delais.suspension import Suspension, count_jours
from socle.normes.delais.textes import write_jour, write_nombre

MOIS_DE_SILENCE = 2


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
    return compute_delai("recours_contentieux", notification, calendrier=calendrier)


def compute_recours_apres_silence(naissance: date, *, calendrier: Calendrier = FRANCE) -> Echeance:
    """Dernier jour pour saisir le tribunal contre un rejet implicite né le jour `naissance`.

    Source: code de justice administrative, art. R. 421-2.
    """
    return compute_delai("recours_apres_silence", naissance, calendrier=calendrier)


def compute_recours_gracieux(notification: date, *, calendrier: Calendrier = FRANCE) -> Echeance:
    """Dernier jour pour demander à l’autorité de revoir sa décision en gardant l’accès au juge.

    Le recours formé dans ce délai interrompt celui du tribunal, qui recommence à la réponse
    (`compute_recours_contentieux`) ou au rejet implicite (`compute_rejet_du_recours`). En
    urbanisme, c’est `urbanisme_recours_gracieux` (`moteur.compute_delai`) qu’il faut.

    Source: code des relations entre le public et l’administration, art. L. 411-2.
    """
    return compute_delai("recours_gracieux", notification, calendrier=calendrier)


def compute_rejet_du_recours(reception: date) -> Echeance:
    """Jour où le silence sur un recours gracieux vaut rejet.

    Source: code des relations entre le public et l’administration, art. L. 231-4, 2°.
    """
    return compute_delai("rejet_du_recours", reception)


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
    regle = find_regle(f"silence_vaut_{sens.value}", reception)
    naissance = add_mois(reception, mois)
    article = regle.article + (f", {exception.value}" if exception else "")
    if texte_du_delai:
        article += f" ; {texte_du_delai}"
    return Echeance(
        code=regle.code,
        depart=reception,
        date=naissance,
        article=article,
        explication=_explain_silence(reception, naissance, f"{write_nombre(mois)} mois", exception),
        depuis=regle.depuis,
        reserve=build_reserve(regle, reception),
    )


def _explain_silence(
    reception: date, naissance: date, duree: str, exception: ExceptionAuSilence | None
) -> str:
    debut = f"Sans réponse dans les {duree} de la réception de la demande complète, le "
    if exception:
        return (
            f"{debut}{write_jour(reception)}, elle est rejetée le {write_jour(naissance)}, car "
            f"{exception.motif}, et ce rejet peut être contesté devant le tribunal administratif."
        )
    return (
        f"{debut}{write_jour(reception)}, elle est acceptée le {write_jour(naissance)}, et une "
        "attestation de cette acceptation peut alors être demandée (même code, art. L. 232-3)."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Complement:
    """Pièces ou informations demandées.

    Attributes:
        demande_le: jour de la demande.
        limite: dernier jour accordé.
        recu_le: jour de leur réception ; None tant qu’elles manquent.
    """

    demande_le: date
    limite: date
    recu_le: date | None = None

    @property
    def periode(self) -> Suspension:
        """Période où un délai de rejet est suspendu : jusqu’à la réception ou au terme accordé."""
        return Suspension(self.demande_le, min(self.recu_le or self.limite, self.limite))

    @property
    def suspension(self) -> int:
        """Longueur de cette période, en jours."""
        return max((self.periode.fin - self.periode.debut).days, 0)


def compute_silence_apres_complements(
    reception: date,
    complements: Sequence[Complement],
    *,
    exception: ExceptionAuSilence | None = None,
    mois: int = MOIS_DE_SILENCE,
    texte_du_delai: str = "",
) -> Echeance | None:
    """Jour où le silence vaut décision après une ou plusieurs demandes de pièces, dans l’ordre.

    Acceptation : le délai part de la dernière réception ; None tant que des pièces manquent.
    Rejet : les suspensions s’ajoutent. Sans demande, c’est `compute_silence`.

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
    suspensions = [complement.periode for complement in complements]
    jours = count_jours(reception, base.date, suspensions)
    fin = add_jours(base.date, jours)
    accord = "s" if jours > 1 else ""
    return replace(
        base,
        date=fin,
        article=f"{base.article}, et art. L. 114-5",
        explication=f"Sans réponse à la demande reçue le {write_jour(reception)}, elle est rejetée "
        f"le {write_jour(fin)}, car le délai a été suspendu {jours} jour{accord}, le temps de "
        "recevoir les pièces manquantes.",
    )


def compute_accuse_enregistrement(reception: date, *, calendrier: Calendrier = FRANCE) -> Echeance:
    """Dernier jour d’envoi de l’accusé d’enregistrement électronique, s’il n’est pas instantané.

    Source: code des relations entre le public et l’administration, art. R. 112-11-2.
    """
    return compute_delai("accuse_enregistrement", reception, calendrier=calendrier)


def compute_accuse_reception(reception: date, *, calendrier: Calendrier = FRANCE) -> Echeance:
    """Dernier jour d’envoi de l’accusé de réception électronique.

    Source: code des relations entre le public et l’administration, art. R. 112-11-2.
    """
    return compute_delai("accuse_reception", reception, calendrier=calendrier)


def compute_notification_portail(mise_a_disposition: date) -> Echeance:
    """Dernier jour pour consulter une décision mise à disposition dans le portail.

    Passé ce jour sans consultation, la décision est réputée notifiée à la date de mise à
    disposition. L’accord exprès de la personne à ce mode de notification est nécessaire.

    Source: code des relations entre le public et l’administration, art. R. 112-17 à R. 112-20.
    """
    return compute_delai("notification_portail", mise_a_disposition)


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

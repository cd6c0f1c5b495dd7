"""Ce qui a été accordé : la somme, les versements, les pièces, le bilan, ce qui est rendu.

Le service vérifie chaque somme et le dit ; la base le vérifie aussi (migration 0001).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from socle.fondations.commun.identifiants import uuid7
from socle.fondations.commun.verrou import check_empreinte, read_valeurs
from socle.fondations.documents.models import Document
from socle.fondations.journal.services import record
from socle.fondations.referentiels.queries import get_autorite
from socle.metiers.appels.enums import (
    EtatJustificatif,
    EtatOctroi,
    EtatVersement,
    NatureAide,
)
from socle.metiers.appels.errors import (
    AutoriteInconnue,
    BilanModifieAilleurs,
    EtatImpossible,
    OctroiFerme,
    OctroiModifieAilleurs,
    PieceDejaRecue,
    SommeRefusee,
)
from socle.metiers.appels.models import (
    JustificatifOctroi,
    Octroi,
    Recuperation,
    VersementOctroi,
)

PROGRAMME = "Programme commun"
CHAMPS = (
    "titre", "attribuant", "attribuant_siret", "nature", "conditions", "notification_ue",
    "decide_le", "reference", "convention_le", "convention", "appel", "liens",
)  # fmt: skip
SUITES = {
    EtatVersement.PREVU: {EtatVersement.DEMANDE, EtatVersement.VERSE, EtatVersement.REFUSE},
    EtatVersement.DEMANDE: {EtatVersement.PREVU, EtatVersement.VERSE, EtatVersement.REFUSE},
    EtatVersement.VERSE: {EtatVersement.DEMANDE},  # une erreur de saisie se défait
    EtatVersement.REFUSE: {EtatVersement.PREVU},
}


@transaction.atomic
def record_octroi(
    *,
    autorite: str,
    titre: str,
    montant: Decimal,
    origine: str,
    maintenant: datetime,
    acteur: str,
    fictif: bool = False,
    **fiche: Any,
) -> Octroi:
    """Note une somme accordée à une collectivité. Rejouable : une origine ne compte qu’une fois.

    Args:
        autorite: clé de `Autorite`, « commune-92023 ».
        montant: euros, plus que zéro.
        origine: ce dont il vient, « consultation:aap-2027/reponse-12 » ; vide pour une saisie, qui
            en reçoit une à elle. Pour cette origine et cette collectivité, l’octroi déjà noté est
            rendu tel quel.
        fiche: valeurs de `CHAMPS` ; `appel` est la clé de l’appel ou de la consultation.

    Raises:
        AutoriteInconnue, SommeRefusee: rien n’est écrit.
    """
    origine = origine or f"saisie:{uuid7()}"
    deja = Octroi.objects.filter(origine=origine, autorite=autorite).order_by("pk").first()
    if deja is not None:
        return deja
    connue = get_autorite(autorite)
    if connue is None:
        raise AutoriteInconnue
    if montant <= 0:
        raise SommeRefusee(message="Une somme accordée est plus grande que zéro.")
    valeurs: dict[str, Any] = {
        "attribuant": PROGRAMME, "nature": NatureAide.NUMERAIRE,
        "decide_le": timezone.localdate(maintenant),
    }  # fmt: skip
    valeurs |= {champ: fiche[champ] for champ in CHAMPS if champ in fiche}
    octroi, neuf = Octroi.objects.get_or_create(
        origine=origine, autorite=autorite,
        defaults=valeurs | {
            "titre": titre[:256], "montant": montant, "autorite_nom": connue.nom,
            "siren": connue.siren, "fictif": fictif,
        },
    )  # fmt: skip
    if neuf:
        _prove("octroi.note", octroi, acteur, maintenant, {"montant": str(montant)})
    return octroi


@transaction.atomic
def update_octroi(
    *,
    octroi: Octroi,
    montant: Decimal,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
    **fiche: Any,
) -> Octroi:
    """Corrige un octroi en cours.

    Args:
        empreinte: celle de `describe_fiche` sur la page. None, rien n’est comparé.

    Raises:
        OctroiModifieAilleurs: un collègue l’a enregistré depuis.
        OctroiFerme, SommeRefusee: rien n’est changé.
    """
    octroi = lock_octroi(octroi)
    check_empreinte(describe_fiche(octroi), empreinte, OctroiModifieAilleurs)
    if montant < octroi.prevu:
        raise SommeRefusee(
            message="Ce montant est plus petit que les versements déjà prévus.",
            suite="Refusez ou corrigez d’abord un versement.",
        )
    changes = [c for c in CHAMPS if c in fiche and getattr(octroi, c) != fiche[c]]
    if octroi.montant != montant:
        changes.append("montant")
    if not changes:
        return octroi
    for champ, valeur in (fiche | {"montant": montant}).items():
        if champ in changes:
            setattr(octroi, champ, valeur)
    octroi.revision += 1
    octroi.save(update_fields=[*changes, "revision", "modifie_le"])
    _prove("octroi.modifie", octroi, acteur, maintenant, {"champs": sorted(changes)})
    return octroi


def describe_fiche(octroi: Octroi) -> dict[str, Any]:
    """Rend ce que l’équipe corrige d’un octroi."""
    return read_valeurs(octroi, "montant", *(champ for champ in CHAMPS if champ != "liens"))


@transaction.atomic
def change_etat(
    *, octroi: Octroi, etat: EtatOctroi, acteur: str, maintenant: datetime, motif: str = ""
) -> Octroi:
    """Solde, annule ou rouvre un octroi. Redire le même état ne change rien.

    Raises:
        EtatImpossible: annulé sans raison, ou alors que de l’argent versé n’est pas rendu.
    """
    octroi = Octroi.objects.select_for_update(of=["self"]).get(pk=octroi.pk)
    if octroi.etat == etat:
        return octroi
    if etat == EtatOctroi.ANNULE and (not motif or octroi.verse > octroi.recupere):
        raise EtatImpossible(
            message="Cet octroi ne peut pas être annulé ainsi.",
            suite="Dites pourquoi, et notez d’abord le retour de ce qui a été versé.",
        )
    avant, octroi.etat, octroi.motif = octroi.etat, etat, motif
    octroi.revision += 1
    octroi.save(update_fields=["etat", "motif", "revision", "modifie_le"])
    donnees = {"avant": str(avant), "apres": str(etat), "motif": motif}
    _prove("octroi.etat_change", octroi, acteur, maintenant, donnees)
    return octroi


@transaction.atomic
def add_versement(
    *,
    octroi: Octroi,
    echeance: date,
    montant: Decimal,
    condition: str,
    acteur: str,
    maintenant: datetime,
) -> VersementOctroi:
    """Prévoit un versement.

    Raises:
        OctroiFerme, SommeRefusee: la somme des versements dépasserait le montant accordé.
    """
    octroi = lock_octroi(octroi)
    _check_reste(octroi, montant)
    rang = VersementOctroi.objects.filter(octroi=octroi).count() + 1
    versement = VersementOctroi.objects.create(
        octroi=octroi, rang=rang, echeance=echeance, montant=montant, condition=condition
    )
    donnees = {"rang": rang, "montant": str(montant)}
    _prove("octroi.versement_prevu", octroi, acteur, maintenant, donnees)
    return versement


@transaction.atomic
def change_versement(
    *,
    versement: VersementOctroi,
    etat: EtatVersement,
    le: date,
    acteur: str,
    maintenant: datetime,
    motif: str = "",
) -> VersementOctroi:
    """Dit un versement demandé, versé ou refusé. Redire le même état ne change rien.

    Raises:
        OctroiFerme, EtatImpossible, SommeRefusee: rien n’est changé.
    """
    octroi = lock_octroi(versement.octroi)
    versement = VersementOctroi.objects.select_for_update(of=["self"]).get(pk=versement.pk)
    avant = EtatVersement(versement.etat)
    if avant == etat:
        return versement
    if etat not in SUITES[avant] or (etat == EtatVersement.REFUSE and not motif):
        raise EtatImpossible(
            message="Ce versement ne peut pas passer à cet état.",
            suite="Un refus dit pourquoi ; un versement refusé se prévoit de nouveau d’abord.",
        )
    if avant == EtatVersement.REFUSE:
        _check_reste(octroi, versement.montant)
    if avant == EtatVersement.VERSE and octroi.verse - versement.montant < octroi.recupere:
        raise SommeRefusee(message="Une part de cette somme a déjà été rendue.")
    versement.etat, versement.change_le, versement.motif = etat, le, motif
    versement.save()
    donnees = {"rang": versement.rang, "avant": str(avant), "apres": str(etat), "motif": motif}
    _prove("octroi.versement_change", octroi, acteur, maintenant, donnees)
    return versement


@transaction.atomic
def recover(
    *, octroi: Octroi, montant: Decimal, motif: str, le: date, acteur: str, maintenant: datetime
) -> Recuperation:
    """Note une part non employée, rendue à l’attribuant.

    Raises:
        SommeRefusee: plus que ce qui a été versé et n’est pas déjà rendu.
    """
    octroi = Octroi.objects.select_for_update(of=["self"]).get(pk=octroi.pk)
    if montant <= 0 or octroi.recupere + montant > octroi.verse:
        raise SommeRefusee(
            message="On ne rend pas plus que ce qui a été versé.",
            suite="Vérifiez les versements marqués « versé ».",
        )
    rendu = Recuperation.objects.create(octroi=octroi, montant=montant, motif=motif, le=le)
    _prove("octroi.rendu", octroi, acteur, maintenant, {"montant": str(montant), "motif": motif})
    return rendu


@transaction.atomic
def ask_justificatif(
    *, octroi: Octroi, demande: str, attendu_le: date, acteur: str, maintenant: datetime
) -> JustificatifOctroi:
    """Demande une pièce à la collectivité, pour un jour.

    Raises:
        OctroiFerme.
    """
    octroi = lock_octroi(octroi)
    rang = JustificatifOctroi.objects.filter(octroi=octroi).count() + 1
    piece = JustificatifOctroi.objects.create(
        octroi=octroi, rang=rang, demande=demande, attendu_le=attendu_le
    )
    _prove("octroi.piece_demandee", octroi, acteur, maintenant, {"rang": rang})
    return piece


@transaction.atomic
def receive_justificatif(
    *, piece: JustificatifOctroi, document: Document, acteur: str, maintenant: datetime
) -> JustificatifOctroi:
    """Range la pièce déposée par la collectivité, ou par l’équipe pour elle.

    Raises:
        PieceDejaRecue: elle n’est plus à déposer.
    """
    octroi = Octroi.objects.select_for_update(of=["self"]).get(pk=piece.octroi_id)
    piece = JustificatifOctroi.objects.select_for_update(of=["self"]).get(pk=piece.pk)
    if not piece.est_a_deposer or octroi.etat == EtatOctroi.ANNULE:
        raise PieceDejaRecue
    piece.etat, piece.motif = EtatJustificatif.RECU, ""
    piece.document, piece.nom, piece.recu_le = document.pk, document.nom, maintenant
    piece.save()
    donnees = {"rang": piece.rang, "sha256": document.sha256}
    _prove("octroi.piece_recue", octroi, acteur, maintenant, donnees)
    return piece


@transaction.atomic
def judge_justificatif(
    *,
    piece: JustificatifOctroi,
    etat: EtatJustificatif,
    acteur: str,
    maintenant: datetime,
    motif: str = "",
) -> JustificatifOctroi:
    """Accepte une pièce reçue, ou la demande de nouveau en disant pourquoi.

    Raises:
        EtatImpossible: elle n’est pas reçue, ou le refus ne dit pas pourquoi.
    """
    piece = JustificatifOctroi.objects.select_for_update(of=["self"]).get(pk=piece.pk)
    if piece.etat == etat:
        return piece
    juste = etat == EtatJustificatif.ACCEPTE or (etat == EtatJustificatif.REFUSE and motif)
    if piece.etat not in (EtatJustificatif.RECU, EtatJustificatif.ACCEPTE) or not juste:
        raise EtatImpossible(
            message="Cette pièce ne peut pas passer à cet état.",
            suite="Seule une pièce reçue se juge, et une pièce à refaire dit pourquoi.",
        )
    piece.etat, piece.motif = etat, motif
    piece.save(update_fields=["etat", "motif", "modifie_le"])
    donnees = {"rang": piece.rang, "apres": str(etat), "motif": motif}
    _prove("octroi.piece_jugee", piece.octroi, acteur, maintenant, donnees)
    return piece


@transaction.atomic
def write_bilan(
    *,
    octroi: Octroi,
    bilan: str,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
) -> Octroi:
    """Écrit ce qui a été fait avec la somme ; celui d’avant reste au journal, par empreinte.

    Args:
        empreinte: celle du bilan sur la page ; None, rien n’est comparé.

    Raises:
        BilanModifieAilleurs: un collègue l’a enregistré depuis.
        OctroiFerme: l’octroi est annulé.
    """
    octroi = Octroi.objects.select_for_update(of=["self"]).get(pk=octroi.pk)
    if octroi.bilan == bilan:
        return octroi
    if octroi.etat == EtatOctroi.ANNULE:
        raise OctroiFerme
    check_empreinte({"bilan": octroi.bilan}, empreinte, BilanModifieAilleurs)
    octroi.bilan, octroi.bilan_le = bilan, timezone.localdate(maintenant)
    octroi.save(update_fields=["bilan", "bilan_le", "modifie_le"])
    record(
        action="octroi.bilan", objet=octroi.cle, acteur=acteur, collectivite_id=None,
        maintenant=maintenant, engagements={"bilan": bilan},
    )  # fmt: skip
    return octroi


def lock_octroi(octroi: Octroi) -> Octroi:
    """Relit et verrouille un octroi en cours.

    Raises:
        OctroiFerme: il est soldé ou annulé.
    """
    octroi = Octroi.objects.select_for_update(of=["self"]).get(pk=octroi.pk)
    if not octroi.est_ouvert:
        raise OctroiFerme
    return octroi


def _check_reste(octroi: Octroi, montant: Decimal) -> None:
    if montant <= 0 or octroi.prevu + montant > octroi.montant:
        reste = octroi.montant - octroi.prevu
        raise SommeRefusee(suite=f"Il reste {reste:.2f} € à prévoir.".replace(".", ",", 1))


def _prove(
    action: str, octroi: Octroi, acteur: str, maintenant: datetime, donnees: dict[str, Any]
) -> None:
    record(
        action=action, objet=octroi.cle, acteur=acteur, collectivite_id=None,
        maintenant=maintenant, donnees=donnees,
    )  # fmt: skip

"""La réponse du service d’archives : lue dans son fichier ou notée à la main, et retirée si fausse.

Une réponse, une transaction, une ligne du journal. Accepté, le dossier pourra quitter Socle à la
fin de sa durée ; refusé, son paquet se corrige et se refait.

Source: NF Z44-022 (SEDA), messages `Acknowledgement` et `ArchiveTransferReply`.
"""

from datetime import date, datetime
from io import BytesIO

from django.db import transaction
from django.dispatch import Signal

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.documents.models import Document
from socle.fondations.documents.ports import Regles
from socle.fondations.documents.services import Contenu, record_document, write_contenu
from socle.fondations.journal.services import record
from socle.metiers.archivage.enums import EN_ATTENTE, EtatVersement, SensDeReponse
from socle.metiers.archivage.errors import (
    PasDeReponseAttendue,
    ReponseIntrouvable,
    ReponseRefusee,
    ReponseSansNom,
    RetraitSansMotif,
)
from socle.metiers.archivage.models import ReponseDesArchives, Versement
from socle.metiers.archivage.ports import Reponse
from socle.metiers.archivage.signals import (
    reponse_retiree,
    versement_accepte,
    versement_refuse,
)
from socle.normes.delais.calculs import to_jour
from socle.normes.seda.message_lu import (
    REPONSE,
    CodeDeReponse,
    EvenementLu,
    Genre,
    MessageIllisible,
    MessageLu,
    UniteDuMessage,
)

REGLES = Regles(taille_max=4_500_000, familles=frozenset({"donnees"}), nombre_max=200)
RACINE = "U0"  # l’unité du dossier dans nos bordereaux
EVENEMENTS_GARDES = 50
UNITES_GARDEES = 200
ATTENDUES = {
    SensDeReponse.ACCUSE: (EtatVersement.TRANSMIS,),
    SensDeReponse.ACCEPTE: EN_ATTENTE,
    SensDeReponse.REFUSE: EN_ATTENTE,
}
SUITES: dict[str, Signal] = {
    SensDeReponse.ACCEPTE: versement_accepte,
    SensDeReponse.REFUSE: versement_refuse,
}


def read_fichier(octets: bytes, *, message: str, confirme: bool, maintenant: datetime) -> Reponse:
    """Lit le fichier que le système d’archivage a rendu pour ce message.

    Args:
        message: identifiant du message envoyé (`Versement.message`).
        confirme: une personne dit qu’un refus qui ne nomme aucun versement est celui-ci.

    Raises:
        ReponseRefusee: illisible, d’un autre versement, sans verdict connu, ou datée de demain.
        ReponseSansNom: refus qui ne nomme aucun versement, pas confirmé.
    """
    from socle.normes.seda.messages import read_message  # noqa: PLC0415  charge lxml

    try:
        lue = read_message(BytesIO(octets), REPONSE)
    except MessageIllisible as refus:
        raise ReponseRefusee(refus.message, refus.suite) from refus
    sens = _read_sens(lue)
    _check_destinataire(lue, sens, message, confirme)
    instant = lue.prise_en_charge or lue.date or maintenant
    jour = to_jour(instant)
    if jour > to_jour(maintenant):
        raise ReponseRefusee(
            f"Cette réponse est datée du {jour:%d/%m/%Y}, après aujourd’hui.",
            "Vérifiez le fichier auprès du service d’archives.",
        )
    racine = lue.unites.get(RACINE, UniteDuMessage())
    return Reponse(
        sens=sens,
        message=message,
        date=jour,
        reference=(racine.cote or racine.systeme or lue.identifiant or message)[:200]
        if sens == SensDeReponse.ACCEPTE
        else "",
        service=lue.service[:200],
        motif=_describe_refus(lue) if sens == SensDeReponse.REFUSE else "",
        identifiant=lue.identifiant[:300],
        reserve=lue.code == CodeDeReponse.WARNING,
        evenements=[_describe(e) for e in lue.evenements[:EVENEMENTS_GARDES]],
        unites={
            identifiant[:100]: {"systeme": unite.systeme[:300], "cote": unite.cote[:300]}
            for identifiant, unite in list(lue.unites.items())[:UNITES_GARDEES]
            if unite.systeme or unite.cote
        },
    )


def _read_sens(lue: MessageLu) -> SensDeReponse:
    if lue.genre == Genre.ACCUSE:
        return SensDeReponse.ACCUSE
    if lue.code is None:
        ecrit = f"« {lue.code_ecrit[:20]} »" if lue.code_ecrit else "vide"
        raise ReponseRefusee(
            f"Cette réponse ne dit ni oui ni non : son code (ReplyCode) est {ecrit}.",
            "Socle lit OK, WARNING et KO. Demandez au service d’archives ce qu’il en est, puis"
            " notez sa réponse à la main.",
        )
    return SensDeReponse.REFUSE if lue.code == "KO" else SensDeReponse.ACCEPTE


def _check_destinataire(lue: MessageLu, sens: str, message: str, confirme: bool) -> None:
    """Une réponse ne vaut que pour le message qu’elle nomme."""
    if lue.repond_a == message:
        return
    if lue.repond_a:
        raise ReponseRefusee(
            f"Ce fichier répond au versement « {lue.repond_a[:100]} », pas à « {message} ».",
            "Prenez la réponse de ce versement, ou ouvrez l’autre versement pour l’y noter. Un"
            " paquet refait après un refus a un nouvel identifiant.",
        )
    if sens != SensDeReponse.REFUSE:
        raise ReponseRefusee(
            "Ce fichier ne dit pas à quel versement il répond (identifiant vide).",
            "Demandez un fichier complet au service d’archives, ou notez sa réponse à la main.",
        )
    if not confirme:
        raise ReponseSansNom


def _describe(evenement: EvenementLu) -> dict[str, str]:
    return {
        "code": evenement.code[:200],
        "libelle": evenement.libelle[:300],
        "resultat": evenement.resultat[:20],
        "message": evenement.message[:600],
        "donnees": evenement.donnees[:600],
    }


def _describe_refus(lue: MessageLu) -> str:
    """Rend les trois derniers refus, les plus précis : un système va du général au détail."""
    refus = [e for e in lue.evenements if e.resultat in ("KO", "FATAL")]
    phrases = [e.message or e.libelle or e.code for e in refus[-3:]]
    dits = [phrase.rstrip(".") for phrase in phrases if phrase]
    return (
        ". ".join(dits) or next(iter(lue.commentaires), "") or "Le fichier ne dit pas pourquoi."
    )[:2000]


def store_reponse(
    *, collectivite: Collectivite, octets: bytes, reponse: Reponse
) -> tuple[Contenu, str]:
    """Range les octets du fichier, hors transaction ; rend de quoi l’inscrire, et son nom.

    Raises:
        TypeRefuse, DocumentTropLourd, EntrepotIndisponible: voir `documents.write_contenu`.
    """
    genre = "accuse" if reponse.sens == SensDeReponse.ACCUSE else "reponse"
    nom = f"{genre}-{reponse.message}.xml"
    contenu = write_contenu(
        collectivite_id=collectivite.pk, fichier=BytesIO(octets), nom=nom, regles=REGLES
    )
    return contenu, nom


@transaction.atomic
def record_reponse(
    *,
    versement: Versement,
    reponse: Reponse,
    acteur: str,
    nom: str,
    maintenant: datetime,
    fichier: tuple[Contenu, str] | None = None,
) -> Versement:
    """Note ce que le service d’archives a répondu : le versement change d’état avec elle.

    Args:
        nom: qui la note, tel que l’histoire l’écrit.
        fichier: rendu par `store_reponse` ; None si elle est notée à la main.

    Raises:
        PasDeReponseAttendue: pas transmis, déjà répondu, ou refait depuis.
        ReponseRefusee: saisie à la main incomplète, ou d’une date impossible.
    """
    versement = _lock(versement)
    sens = SensDeReponse(reponse.sens)
    if versement.etat not in ATTENDUES[sens] or reponse.message != versement.message:
        raise PasDeReponseAttendue
    if fichier is None:
        check_saisie(reponse, versement, maintenant)
    document = _inscribe(versement, fichier, acteur, maintenant) if fichier else None
    ReponseDesArchives.objects.create(
        collectivite_id=versement.collectivite_id,
        versement=versement,
        document=document,
        notee_le=maintenant,
        notee_par=nom[:300],
        **reponse._asdict()
        | {"evenements": list(reponse.evenements), "unites": {**reponse.unites}},
    )
    versement.etat = EtatVersement(sens.value)
    versement.save(update_fields=["etat", "modifie_le"])
    donnees = {
        "sens": sens.value,
        "message": reponse.message,
        "date": reponse.date.isoformat(),
        "reference_archives": reponse.reference,
        "empreinte_sha512": versement.empreinte,
        "reponse_sha256": document.sha256 if document else "",
    }
    _record(versement, sens.value, acteur, maintenant, donnees)
    if sens in SUITES:
        _send(SUITES[sens], versement, maintenant)
    return versement


def check_saisie(reponse: Reponse, versement: Versement, maintenant: datetime) -> None:
    """Vérifie une réponse notée à la main.

    Raises:
        ReponseRefusee: sans ce que son sens demande, ou d’une date impossible.
    """
    if not to_jour(versement.prepare_le) <= reponse.date <= to_jour(maintenant):
        raise ReponseRefusee(
            "La date de la réponse ne convient pas.",
            f"Elle va du {_write_jour(to_jour(versement.prepare_le))}, jour où le paquet a été"
            " fait, à aujourd’hui.",
        )
    if reponse.sens == SensDeReponse.ACCEPTE and not reponse.reference.strip():
        raise ReponseRefusee(
            "Il manque la référence donnée par les archives.",
            "C’est elle qui permettra de retrouver le dossier : une cote, un numéro d’entrée.",
        )
    if reponse.sens == SensDeReponse.REFUSE and not reponse.motif.strip():
        raise ReponseRefusee("Dites pourquoi le service d’archives refuse.")


@transaction.atomic
def withdraw_reponse(
    *, versement: Versement, motif: str, acteur: str, nom: str, maintenant: datetime
) -> Versement:
    """Retire la dernière réponse, notée par erreur : le versement l’attend de nouveau.

    Elle reste dans l’histoire, avec le motif. Sans effet possible une fois le dossier éliminé, car
    le versement ne l’est plus, ni une fois le paquet refait.

    Raises:
        RetraitSansMotif: motif vide.
        ReponseIntrouvable: plus de réponse à cet envoi.
    """
    if not motif.strip():
        raise RetraitSansMotif
    versement = _lock(versement)
    valables = ReponseDesArchives.objects.filter(
        collectivite_id=versement.collectivite_id,
        versement=versement,
        message=versement.message,
        retiree_le__isnull=True,
    ).order_by("-pk")
    if not valables or not (versement.is_refuse or versement.is_remis):
        raise ReponseIntrouvable
    derniere = valables[0]
    derniere.retiree_le, derniere.retiree_par = maintenant, nom[:300]
    derniere.motif_retrait = motif.strip()[:500]
    derniere.save(update_fields=["retiree_le", "retiree_par", "motif_retrait", "modifie_le"])
    accuse = valables.filter(sens=SensDeReponse.ACCUSE).exists()
    versement.etat = EtatVersement.ACCUSE if accuse else EtatVersement.TRANSMIS
    versement.save(update_fields=["etat", "modifie_le"])
    donnees = {"sens": derniere.sens, "message": derniere.message}
    _record(versement, "reponse_retiree", acteur, maintenant, donnees)
    if derniere.sens in SUITES:
        _send(reponse_retiree, versement, maintenant)
    return versement


def _lock(versement: Versement) -> Versement:
    lu = (
        Versement.objects.select_for_update(of=["self"])
        .select_related("collectivite")
        .filter(pk=versement.pk)
        .first()
    )
    if lu is None:  # éliminé pendant ce temps, avec son dossier
        raise ReponseIntrouvable
    return lu


def _inscribe(
    versement: Versement, fichier: tuple[Contenu, str], acteur: str, maintenant: datetime
) -> Document:
    contenu, nom = fichier
    return record_document(
        collectivite=versement.collectivite,
        contenu=contenu,
        nom=nom,
        objet=f"versement:{versement.reference}",
        depose_par=acteur,
        maintenant=maintenant,
        regles=REGLES,
    )


def _record(
    versement: Versement, action: str, acteur: str, maintenant: datetime, donnees: dict[str, str]
) -> None:
    record(
        action=f"versement.{action}",
        objet=f"versement:{versement.reference}",
        acteur=acteur,
        collectivite_id=versement.collectivite_id,
        maintenant=maintenant,
        donnees={"reference": versement.reference, "dossier": versement.dossier} | donnees,
    )


def _send(signal: Signal, versement: Versement, maintenant: datetime) -> None:
    signal.send(
        Versement,
        reference=versement.reference,
        dossier=versement.dossier,
        versement_id=versement.pk,
        collectivite_id=versement.collectivite_id,
        maintenant=maintenant,
    )


def _write_jour(jour: date) -> str:
    return f"{jour:%d/%m/%Y}"

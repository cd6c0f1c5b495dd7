"""Contrôles d’en-tête : contrat d’entrée et services (CHECK_HEADER)."""

from collections.abc import Iterator

from socle.normes.seda.controles.limites import Attentes
from socle.normes.seda.controles.rapport import Anomalie
from socle.normes.seda.controles.releve import Releve


def check_contrat(releve: Releve, attentes: Attentes) -> Iterator[Anomalie]:
    """CHECK_HEADER.CHECK_CONTRACT_INGEST : contrat d’entrée présent, et connu si la liste l’est."""
    if not releve.contrat:
        yield Anomalie(
            detail="CONTRACT_NOT_IN_MANIFEST",
            lieu="ArchivalAgreement",
            message="Le contrat d’entrée manque. Demandez son identifiant au service d’archives "
            "et inscrivez-le dans les réglages de l’archivage.",
        )
    elif attentes.contrats is not None and releve.contrat not in attentes.contrats:
        yield Anomalie(
            detail="CONTRACT_UNKNOWN",
            lieu="ArchivalAgreement",
            message=f"Le contrat d’entrée « {releve.contrat} » est inconnu du service d’archives. "
            "Vérifiez son identifiant.",
        )


def check_services(releve: Releve, attentes: Attentes) -> Iterator[Anomalie]:
    """CHECK_HEADER.CHECK_AGENT : service producteur nommé ; services connus si la liste l’est."""
    if not releve.service_producteur:
        yield Anomalie(
            detail="EMPTY_REQUIRED_FIELD",
            lieu="OriginatingAgencyIdentifier",
            message="Le service producteur manque. Inscrivez l’identifiant que le service "
            "d’archives lui a donné.",
        )
    if attentes.services is None:
        return
    for lieu, service in (
        ("OriginatingAgencyIdentifier", releve.service_producteur),
        ("SubmissionAgencyIdentifier", releve.service_versant),
    ):
        if service and service not in attentes.services:
            yield Anomalie(
                detail="UNKNOWN",
                lieu=lieu,
                message=f"Le service « {service} » est inconnu du service d’archives. "
                "Vérifiez son identifiant.",
            )

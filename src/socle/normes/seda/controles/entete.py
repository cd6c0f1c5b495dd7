"""Contrôles d’en-tête : contrat d’entrée, profil d’archivage et services (CHECK_HEADER)."""

from collections.abc import Iterator

from socle.normes.seda.controles.limites import Attentes
from socle.normes.seda.controles.rapport import Anomalie
from socle.normes.seda.controles.releve import Releve


def check_contrat(releve: Releve, attentes: Attentes) -> Iterator[Anomalie]:
    """CHECK_HEADER.CHECK_CONTRACT_INGEST : contrat présent, connu, actif et permis à qui verse."""
    if not releve.contrat:
        yield _contrat(
            "CONTRACT_NOT_IN_MANIFEST",
            "Le contrat d’entrée manque. Demandez son identifiant au service d’archives "
            "et inscrivez-le dans les réglages de l’archivage.",
        )
        return
    if attentes.contrats is not None and releve.contrat not in attentes.contrats:
        yield _contrat(
            "CONTRACT_UNKNOWN",
            f"Le contrat d’entrée « {releve.contrat} » est inconnu du service d’archives. "
            "Vérifiez son identifiant.",
        )
        return
    contrat = attentes.find_contrat(releve.contrat)
    if contrat is not None and not contrat.actif:
        yield _contrat(
            "CONTRACT_INACTIVE",
            f"Le contrat d’entrée « {releve.contrat} » n’est plus actif. "
            "Demandez au service d’archives de le réactiver, ou d’en donner un autre.",
        )
    if attentes.contexte is not None and releve.contrat not in attentes.contexte:
        yield _contrat(
            "CONTRACT_NOT_IN_CONTEXT",
            f"L’application qui verse n’a pas droit au contrat « {releve.contrat} ». "
            "Demandez au service d’archives de l’ajouter à son contexte.",
        )


def _contrat(detail: str, message: str) -> Anomalie:
    return Anomalie(detail=detail, lieu="ArchivalAgreement", message=message)


def is_profil_controle(attentes: Attentes) -> bool:
    """Dit si les référentiels donnés permettent de juger le profil d’archivage."""
    return attentes.profils is not None or any(
        contrat.profils
        for contrat in (
            attentes.find_contrat(identifiant) for identifiant in attentes.contrats or ()
        )
        if contrat is not None
    )


def check_relation(releve: Releve, attentes: Attentes) -> Iterator[Anomalie]:
    """CHECK_HEADER.CHECK_IC_AP_RELATION : le profil du bordereau est l’un de ceux du contrat."""
    contrat = attentes.find_contrat(releve.contrat)
    if releve.profil and attentes.profils is not None and releve.profil not in attentes.profils:
        yield _relation(
            "UNKNOWN",
            f"Le profil d’archivage « {releve.profil} » est inconnu du service d’archives. "
            "Vérifiez son identifiant.",
        )
        return
    if contrat is not None and contrat.profils and releve.profil not in contrat.profils:
        attendus = ", ".join(sorted(contrat.profils))
        trouve = f"« {releve.profil} »" if releve.profil else "absent du bordereau"
        yield _relation(
            "DIFF",
            f"Le profil d’archivage est {trouve} ; le contrat exige {attendus}. "
            "Écrivez ce profil, ou faites changer le contrat.",
        )
    elif releve.profil and contrat is not None and not contrat.profils and attentes.profils:
        yield _relation(
            "DIFF",
            f"Le contrat « {releve.contrat} » n’a pas de profil, mais le bordereau déclare "
            f"« {releve.profil} ». Retirez-le, ou faites-le inscrire au contrat.",
        )
    connu = (attentes.profils or {}).get(releve.profil)
    if connu is not None and not connu.actif:
        yield _relation(
            "INACTIVE",
            f"Le profil d’archivage « {releve.profil} » n’est plus actif. "
            "Demandez au service d’archives lequel employer.",
        )


def _relation(detail: str, message: str) -> Anomalie:
    return Anomalie(detail=detail, lieu="ArchivalProfile", message=message)


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

"""Écriture des agents et des signatures."""

from socle.normes.seda.bordereau.versions import PlumeSeda
from socle.normes.seda.modele import (
    Agent,
    DescriptionDeSignature,
    InformationDeSignature,
    Lieu,
    Signataire,
    Signature,
)

_LIEU = (
    ("Geogname", "nom"),
    ("Address", "adresse"),
    ("PostalCode", "code_postal"),
    ("City", "ville"),
    ("Region", "region"),
    ("Country", "pays"),
)


def write_agent(plume: PlumeSeda, nom: str, agent: Agent) -> None:
    """Écrit un agent sous le nom d’élément donné."""
    with plume.element(nom):
        _identite(plume, agent)
        _metier(plume, agent)


def _identite(plume: PlumeSeda, agent: Agent) -> None:
    if agent.organisme:
        plume.feuille("Corpname", agent.organisme)
    else:
        _etat_civil(plume, agent)
    plume.feuilles("Identifier", agent.identifiants)


def _metier(plume: PlumeSeda, agent: Agent) -> None:
    plume.feuilles("Function", agent.fonctions)
    plume.feuilles("Activity", agent.activites)
    plume.feuilles("Position", agent.positions)
    plume.feuilles("Role", agent.roles)
    plume.feuilles("Mandate", agent.mandats)


def _etat_civil(plume: PlumeSeda, agent: Agent) -> None:
    plume.feuille("FirstName", agent.prenom)
    plume.feuille("BirthName", agent.nom_naissance)
    plume.feuille("FullName", agent.nom_complet)
    plume.feuille("GivenName", agent.nom_usage)
    plume.feuille("Gender", agent.genre)
    plume.feuille("BirthDate", agent.naissance)
    _lieu(plume, "BirthPlace", agent.lieu_naissance)
    plume.feuille("DeathDate", agent.deces)
    _lieu(plume, "DeathPlace", agent.lieu_deces)
    plume.feuilles("Nationality", agent.nationalites)


def _lieu(plume: PlumeSeda, nom: str, lieu: Lieu | None) -> None:
    if lieu:
        with plume.element(nom):
            for element, champ in _LIEU:
                plume.feuille(element, getattr(lieu, champ))


def _signataire(plume: PlumeSeda, nom: str, quand: str, signataire: Signataire) -> None:
    with plume.element(nom):
        _identite(plume, signataire.agent)
        plume.feuille(quand, signataire.instant)
        _metier(plume, signataire.agent)


def write_signature(plume: PlumeSeda, nom: str, signature: Signature) -> None:
    """Écrit une signature d’objet, telle que SEDA la disait jusqu’à la version 2.2."""
    plume.check("Signature", jusqua="2.2")
    with plume.element(nom):
        for signataire in signature.signataires:
            _signataire(plume, "Signer", "SigningTime", signataire)
        _signataire(plume, "Validator", "ValidationTime", signature.verificateur)
        plume.feuille("Masterdata", signature.reference)
        with plume.element("ReferencedObject"):
            plume.feuille("SignedObjectId", signature.objet)
            plume.feuille("SignedObjectDigest", signature.empreinte, algorithm=signature.algorithme)


def write_information(plume: PlumeSeda, nom: str, information: InformationDeSignature) -> None:
    """Écrit SigningInformation, depuis SEDA 2.3."""
    plume.check("SigningInformation", depuis="2.3")
    with plume.element(nom):
        plume.feuilles("SigningRole", information.roles)
        plume.feuilles("DetachedSigningRole", information.roles_detaches)
        plume.feuilles("SignedDocumentReferenceId", information.documents_signes)
        for description in information.descriptions:
            _description(plume, description)
        for instant in information.horodatages:
            with plume.element("TimestampingInformation"):
                plume.feuille("TimeStamp", instant)
        if information.preuves:
            with plume.element("AdditionalProof"):
                plume.feuilles("AdditionalProofInformation", information.preuves)


def _description(plume: PlumeSeda, description: DescriptionDeSignature) -> None:
    with plume.element("SignatureDescription"):
        if description.signataire:
            _signataire(plume, "Signer", "SigningTime", description.signataire)
        if description.verificateur:
            _signataire(plume, "Validator", "ValidationTime", description.verificateur)
        plume.feuille("SigningType", description.genre)

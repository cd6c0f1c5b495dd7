"""Écriture en flux du bordereau de transfert (manifest.xml) en SEDA 2.2.

L’ordre des éléments est celui du schéma ; il est dit une fois, dans les tables de ce module.
On écrit l’intersection des variantes du schéma 2.2 : objets toujours dans un DataObjectGroup,
références par DataObjectGroupReferenceId, un seul LinkingAgentIdentifier, un seul TextContent.
"""

from collections.abc import Callable, Iterable
from typing import Any

from socle.normes.seda.modele import (
    Agent,
    BlocDeClassification,
    BlocDeGel,
    BlocDeRegles,
    Contenu,
    Couverture,
    EtapeDeConservation,
    Evenement,
    Gestion,
    GestionDuVersement,
    GroupeDepose,
    Lieu,
    ListesDeCodes,
    MotCle,
    ObjetDepose,
    Regle,
    Transfert,
    Unite,
)
from socle.normes.seda.plume import Plume, check_nom_xml, to_texte

ESPACE_DE_NOMS = "fr:gouv:culture:archivesdefrance:seda:v2.2"
PROFONDEUR_MAX = 100  # libxml2 refuse au-delà de 256 éléments emboîtés

_LISTES = (
    ("ReplyCodeListVersion", "reponses"),
    ("MessageDigestAlgorithmCodeListVersion", "empreintes"),
    ("MimeTypeCodeListVersion", "types_mime"),
    ("EncodingCodeListVersion", "encodages"),
    ("FileFormatCodeListVersion", "formats"),
    ("CompressionAlgorithmCodeListVersion", "compressions"),
    ("DataObjectVersionCodeListVersion", "usages"),
    ("StorageRuleCodeListVersion", "stockage"),
    ("AppraisalRuleCodeListVersion", "sort_final"),
    ("AccessRuleCodeListVersion", "acces"),
    ("DisseminationRuleCodeListVersion", "diffusion"),
    ("ReuseRuleCodeListVersion", "reutilisation"),
    ("ClassificationRuleCodeListVersion", "classification"),
    ("HoldRuleCodeListVersion", "gel"),
    ("AcquisitionInformationCodeListVersion", "modalites_entree"),
    ("AuthorizationReasonCodeListVersion", "autorisations"),
    ("RelationshipCodeListVersion", "relations"),
)
_EVENEMENT = (
    ("EventIdentifier", "identifiant"),
    ("EventTypeCode", "code"),
    ("EventType", "type"),
    ("EventDateTime", "date"),
    ("EventDetail", "detail"),
    ("Outcome", "resultat"),
    ("OutcomeDetail", "resultat_detail"),
    ("OutcomeDetailMessage", "message"),
    ("EventDetailData", "donnees"),
)


def write_bordereau(
    ecrire: Callable[[str], object], transfert: Transfert, groupes: Iterable[GroupeDepose]
) -> None:
    """Écrit le bordereau de `transfert`, morceau par morceau, en texte UTF-8.

    Args:
        ecrire: reçoit le texte dans l’ordre.
        transfert: message à écrire ; `transfert.unites` est parcouru une fois.
        groupes: groupes d’objets déjà dans le paquet, avec leurs empreintes.

    Raises:
        ValueError: instant sans fuseau, identifiant non XML, unités trop profondes.

    Source: schéma SEDA 2.2, ArchiveTransferType.
    """
    plume = Plume(ecrire)
    ecrire('<?xml version="1.0" encoding="UTF-8"?>\n')
    with plume.element("ArchiveTransfer", xmlns=ESPACE_DE_NOMS):
        plume.feuille("Comment", transfert.commentaire)
        plume.feuille("Date", transfert.date)
        plume.feuille("MessageIdentifier", transfert.identifiant)
        plume.feuille("ArchivalAgreement", transfert.accord)
        _listes_de_codes(plume, transfert.listes_de_codes)
        with plume.element("DataObjectPackage"):
            for groupe in groupes:
                _groupe(plume, groupe)
            with plume.element("DescriptiveMetadata"):
                for unite in transfert.unites:
                    _unite(plume, unite, 1)
            _gestion_du_versement(plume, transfert.gestion)
        plume.feuilles("RelatedTransferReference", transfert.transferts_lies)
        plume.feuille("TransferRequestReplyIdentifier", transfert.reponse_a_demande)
        _organisme(plume, "ArchivalAgency", transfert.service_archives)
        _organisme(plume, "TransferringAgency", transfert.service_versant)


def _listes_de_codes(plume: Plume, listes: ListesDeCodes) -> None:
    with plume.element("CodeListVersions"):
        for nom, champ in _LISTES:
            plume.feuille(nom, getattr(listes, champ))


def _organisme(plume: Plume, nom: str, identifiant: str) -> None:
    if identifiant:
        with plume.element(nom):
            plume.feuille("Identifier", identifiant)


def _groupe(plume: Plume, groupe: GroupeDepose) -> None:
    with plume.element("DataObjectGroup", id=check_nom_xml(groupe.identifiant)):
        for depose in groupe.objets:
            _objet(plume, depose)


def _objet(plume: Plume, depose: ObjetDepose) -> None:
    objet, format_ = depose.objet, depose.format
    with plume.element("BinaryDataObject", id=check_nom_xml(objet.identifiant)):
        plume.feuille("DataObjectVersion", objet.usage)
        plume.feuille("Uri", depose.uri)
        plume.feuille("MessageDigest", depose.empreinte, algorithm="SHA-512")
        plume.feuille("Size", depose.taille or None)  # positiveInteger : pas de zéro
        type_mime = objet.type_mime or (format_.type_mime if format_ else "")
        if type_mime or format_:
            with plume.element("FormatIdentification"):
                plume.feuille("FormatLitteral", format_.nom if format_ else "")
                plume.feuille("MimeType", type_mime)
                plume.feuille("FormatId", format_.puid if format_ else "")
        with plume.element("FileInfo"):
            plume.feuille("Filename", objet.nom)
            plume.feuille("CreatingApplicationName", objet.logiciel)
            plume.feuille("LastModified", objet.modifie)


def _unite(plume: Plume, unite: Unite, profondeur: int) -> None:
    if profondeur > PROFONDEUR_MAX:
        raise ValueError(f"Plus de {PROFONDEUR_MAX} unités archivistiques emboîtées.")
    with plume.element("ArchiveUnit", id=check_nom_xml(unite.identifiant)):
        plume.feuille("ArchiveUnitProfile", unite.profil)
        if unite.gestion and unite.gestion != Gestion():
            with plume.element("Management"):
                _gestion(plume, unite.gestion)
        _contenu(plume, unite.contenu)
        for fille in unite.unites:
            _unite(plume, fille, profondeur + 1)
        if unite.groupe:
            with plume.element("DataObjectReference"):
                plume.feuille("DataObjectGroupReferenceId", unite.groupe)


def _gestion_du_versement(plume: Plume, gestion: GestionDuVersement) -> None:
    with plume.element("ManagementMetadata"):
        plume.feuille("ArchivalProfile", gestion.profil)
        plume.feuille("ServiceLevel", gestion.niveau_de_service)
        plume.feuille("AcquisitionInformation", gestion.modalite_entree)
        plume.feuille("LegalStatus", gestion.statut_juridique)
        plume.feuille("OriginatingAgencyIdentifier", gestion.service_producteur)
        plume.feuille("SubmissionAgencyIdentifier", gestion.service_versant)
        _gestion(plume, gestion.regles)


def _gestion(plume: Plume, gestion: Gestion) -> None:
    _bloc_de_regles(plume, "StorageRule", gestion.stockage)
    _bloc_de_regles(plume, "AppraisalRule", gestion.sort_final)
    _bloc_de_regles(plume, "AccessRule", gestion.acces)
    _bloc_de_regles(plume, "DisseminationRule", gestion.diffusion)
    _bloc_de_regles(plume, "ReuseRule", gestion.reutilisation)
    if gestion.classification:
        _classification(plume, gestion.classification)
    if gestion.journal:
        with plume.element("LogBook"):
            for evenement in gestion.journal:
                _evenement(plume, evenement)
    plume.feuille("NeedAuthorization", gestion.autorisation_requise)
    if gestion.gel:
        _gel(plume, gestion.gel)


def _bloc_de_regles(plume: Plume, nom: str, bloc: BlocDeRegles | None) -> None:
    if bloc is None:
        return
    with plume.element(nom):
        _regles(plume, bloc.regles)
        _heritage(plume, bloc)
        plume.feuille("FinalAction", bloc.action)


def _regles(plume: Plume, regles: Iterable[Regle]) -> None:
    for regle in regles:
        plume.feuille("Rule", regle.code)
        plume.feuille("StartDate", regle.depart)


def _heritage(plume: Plume, bloc: BlocDeRegles | BlocDeClassification | BlocDeGel) -> None:
    if bloc.sans_heritage:
        plume.feuille("PreventInheritance", valeur=True)
    else:
        plume.feuilles("RefNonRuleId", bloc.exclues)


def _classification(plume: Plume, bloc: BlocDeClassification) -> None:
    with plume.element("ClassificationRule"):
        _regles(plume, bloc.regles)
        plume.feuille("ClassificationAudience", bloc.audience)
        _heritage(plume, bloc)
        plume.feuille("ClassificationLevel", bloc.niveau)
        plume.feuille("ClassificationOwner", bloc.proprietaire)
        plume.feuille("ClassificationReassessingDate", bloc.reexamen)
        plume.feuille("NeedReassessingAuthorization", bloc.reexamen_autorise)


def _gel(plume: Plume, bloc: BlocDeGel) -> None:
    with plume.element("HoldRule"):
        for regle in bloc.regles:
            plume.feuille("Rule", regle.code)
            plume.feuille("StartDate", regle.depart)
            plume.feuille("HoldEndDate", regle.fin)
            plume.feuille("HoldOwner", regle.proprietaire)
            plume.feuille("HoldReassessingDate", regle.reexamen)
            plume.feuille("HoldReason", regle.motif)
            plume.feuille("PreventRearrangement", regle.sans_reclassement)
        _heritage(plume, bloc)


def _evenement(plume: Plume, evenement: Evenement) -> None:
    with plume.element("Event"):
        for nom, champ in _EVENEMENT:
            plume.feuille(nom, getattr(evenement, champ))
        if evenement.agent:
            with plume.element("LinkingAgentIdentifier"):
                plume.feuille("LinkingAgentIdentifierType", evenement.agent.type)
                plume.feuille("LinkingAgentIdentifierValue", evenement.agent.valeur)
                plume.feuille("LinkingAgentRole", evenement.agent.role)


_LIEU = (
    ("Geogname", "nom"),
    ("Address", "adresse"),
    ("PostalCode", "code_postal"),
    ("City", "ville"),
    ("Region", "region"),
    ("Country", "pays"),
)


def _lieu(plume: Plume, nom: str, lieu: Lieu | None) -> None:
    if lieu:
        with plume.element(nom):
            for element, champ in _LIEU:
                plume.feuille(element, getattr(lieu, champ))


def _agent(plume: Plume, nom: str, agent: Agent) -> None:
    with plume.element(nom):
        if agent.organisme:
            plume.feuille("Corpname", agent.organisme)
        else:
            _etat_civil(plume, agent)
        plume.feuilles("Identifier", agent.identifiants)
        plume.feuilles("Function", agent.fonctions)
        plume.feuilles("Activity", agent.activites)
        plume.feuilles("Position", agent.positions)
        plume.feuilles("Role", agent.roles)
        plume.feuilles("Mandate", agent.mandats)


def _etat_civil(plume: Plume, agent: Agent) -> None:
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


def _mot_cle(plume: Plume, nom: str, mot: MotCle) -> None:
    with plume.element(nom):
        plume.feuille("KeywordContent", mot.contenu)
        plume.feuille("KeywordReference", mot.reference)
        plume.feuille("KeywordType", mot.type)


def _couverture(plume: Plume, nom: str, couverture: Couverture) -> None:
    with plume.element(nom):
        plume.feuilles("Spatial", couverture.lieux)
        plume.feuilles("Temporal", couverture.periodes)
        plume.feuilles("Juridictional", couverture.juridictions)


def _histoire(plume: Plume, nom: str, etapes: tuple[EtapeDeConservation, ...]) -> None:
    with plume.element(nom):
        for etape in etapes:
            attributs = {"when": to_texte(etape.date)} if etape.date else {}
            plume.feuille("CustodialHistoryItem", etape.texte, **attributs)


# L’ordre de Content : (élément, champ, écriture). Un champ tuple s’écrit élément par élément,
# sauf « histoire », dont toutes les étapes vont dans un seul CustodialHistory.
_CONTENU: tuple[tuple[str, str, Callable[[Plume, str, Any], None]], ...] = (
    ("DescriptionLevel", "niveau", Plume.feuille),
    ("Title", "titre", Plume.feuille),
    ("FilePlanPosition", "plans_de_classement", Plume.feuille),
    ("OriginatingSystemId", "identifiants_origine", Plume.feuille),
    ("ArchivalAgencyArchiveUnitIdentifier", "identifiants_archives", Plume.feuille),
    ("OriginatingAgencyArchiveUnitIdentifier", "identifiants_producteur", Plume.feuille),
    ("TransferringAgencyArchiveUnitIdentifier", "identifiants_versant", Plume.feuille),
    ("Description", "description", Plume.feuille),
    ("CustodialHistory", "histoire", _histoire),
    ("Type", "type", Plume.feuille),
    ("DocumentType", "type_document", Plume.feuille),
    ("Language", "langues", Plume.feuille),
    ("DescriptionLanguage", "langue_description", Plume.feuille),
    ("Status", "statut", Plume.feuille),
    ("Version", "version", Plume.feuille),
    ("Tag", "etiquettes", Plume.feuille),
    ("Keyword", "mots_cles", _mot_cle),
    ("Coverage", "couverture", _couverture),
    ("OriginatingAgency", "service_producteur", _organisme),
    ("SubmissionAgency", "service_versant", _organisme),
    ("Agent", "agents", _agent),
    ("AuthorizedAgent", "agents_autorises", _agent),
    ("Writer", "auteurs", _agent),
    ("Addressee", "destinataires", _agent),
    ("Recipient", "destinataires_en_copie", _agent),
    ("Transmitter", "transmetteurs", _agent),
    ("Sender", "expediteurs", _agent),
    ("Source", "source", Plume.feuille),
    ("CreatedDate", "cree", Plume.feuille),
    ("TransactedDate", "transaction", Plume.feuille),
    ("AcquiredDate", "acquis", Plume.feuille),
    ("SentDate", "envoye", Plume.feuille),
    ("ReceivedDate", "recu", Plume.feuille),
    ("RegisteredDate", "enregistre", Plume.feuille),
    ("StartDate", "debut", Plume.feuille),
    ("EndDate", "fin", Plume.feuille),
    ("DateLitteral", "date_litterale", Plume.feuille),
    ("Event", "evenements", lambda plume, _, evenement: _evenement(plume, evenement)),
    ("OriginatingSystemIdReplyTo", "identifiant_reponse", Plume.feuille),
    ("TextContent", "texte", Plume.feuille),
)


def _contenu(plume: Plume, contenu: Contenu) -> None:
    with plume.element("Content"):
        for nom, champ, ecrire in _CONTENU:
            valeur = getattr(contenu, champ)
            if not valeur:
                continue
            if isinstance(valeur, tuple) and champ != "histoire":
                for element in valeur:
                    ecrire(plume, nom, element)
            else:
                ecrire(plume, nom, valeur)

"""Écriture en flux du bordereau de transfert (manifest.xml) en SEDA 2.1, 2.2 ou 2.3.

L’ordre des éléments est celui du schéma ; il est dit une fois, dans les tables de ce paquet.
On écrit l’intersection des variantes du schéma : objets toujours dans un DataObjectGroup,
références par DataObjectGroupReferenceId, un seul LinkingAgentIdentifier, un seul TextContent.
"""

from collections.abc import Callable, Iterable

from socle.normes.seda.bordereau.description import (
    write_contenu,
    write_identifiant_perenne,
    write_organisme,
)
from socle.normes.seda.bordereau.gestion import write_gestion, write_gestion_du_versement
from socle.normes.seda.bordereau.versions import ChampHorsVersion, PlumeSeda
from socle.normes.seda.grammaire import get_espace
from socle.normes.seda.modele import (
    Gestion,
    GroupeDepose,
    ListesDeCodes,
    ObjetDepose,
    ObjetPhysique,
    Transfert,
    Unite,
)
from socle.normes.seda.plume import check_nom_xml

__all__ = ["ESPACE_DE_NOMS", "PROFONDEUR_MAX", "ChampHorsVersion", "write_bordereau"]

ESPACE_DE_NOMS = get_espace("2.2")
PROFONDEUR_MAX = 100  # libxml2 refuse au-delà de 256 éléments emboîtés
_GEL = "HoldRuleCodeListVersion0"  # valeur par défaut : ce n’est pas un choix de l’appelant

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


def write_bordereau(
    ecrire: Callable[[str], object], transfert: Transfert, groupes: Iterable[GroupeDepose]
) -> None:
    """Écrit le bordereau de `transfert`, morceau par morceau, en texte UTF-8.

    Args:
        ecrire: reçoit le texte dans l’ordre.
        transfert: message à écrire ; `transfert.unites` est parcouru une fois.
        groupes: groupes d’objets déjà dans le paquet, avec leurs empreintes ; lus une fois.

    Raises:
        ChampHorsVersion: le modèle dit ce que la version choisie ne sait pas dire.
        ValueError: instant sans fuseau, identifiant non XML, unités trop profondes.

    Source: schémas SEDA 2.1 à 2.3, ArchiveTransferType.
    """
    tampon = _Tampon(ecrire)
    plume = PlumeSeda(tampon.lignes.append, transfert.version)
    tampon.lignes.append('<?xml version="1.0" encoding="UTF-8"?>\n')
    with plume.element("ArchiveTransfer", xmlns=get_espace(transfert.version)):
        plume.feuille("Comment", transfert.commentaire)
        plume.feuille("Date", transfert.date)
        plume.feuille("MessageIdentifier", transfert.identifiant)
        plume.feuille("ArchivalAgreement", transfert.accord)
        write_listes_de_codes(plume, transfert.listes_de_codes)
        with plume.element("DataObjectPackage"):
            for groupe in groupes:
                _groupe(plume, groupe)
                tampon.flush()
            with plume.element("DescriptiveMetadata"):
                for unite in transfert.unites:
                    _unite(plume, unite, 1)
                    tampon.flush()
            write_gestion_du_versement(plume, transfert.gestion)
        plume.feuilles("RelatedTransferReference", transfert.transferts_lies)
        plume.feuille("TransferRequestReplyIdentifier", transfert.reponse_a_demande)
        write_organisme(plume, "ArchivalAgency", transfert.service_archives)
        write_organisme(plume, "TransferringAgency", transfert.service_versant)
    tampon.flush(minimum=1)


class _Tampon:
    """Réunit les lignes avant de les rendre : mille petits appels coûtent plus qu’un grand."""

    def __init__(self, ecrire: Callable[[str], object]) -> None:
        self.lignes: list[str] = []
        self._ecrire = ecrire

    def flush(self, minimum: int = 1_000) -> None:
        if len(self.lignes) >= minimum:
            self._ecrire("".join(self.lignes))
            self.lignes.clear()


def write_listes_de_codes(plume: PlumeSeda, listes: ListesDeCodes) -> None:
    """Écrit CodeListVersions ; la liste des règles de gel n’existe que depuis SEDA 2.2."""
    with plume.element("CodeListVersions"):
        for nom, champ in _LISTES:
            valeur = getattr(listes, champ)
            if champ == "gel" and plume.version == "2.1" and valeur in {"", _GEL}:
                continue
            if champ == "gel" and valeur:
                plume.check(nom, depuis="2.2")
            plume.feuille(nom, valeur)


def _groupe(plume: PlumeSeda, groupe: GroupeDepose) -> None:
    with plume.element("DataObjectGroup", id=check_nom_xml(groupe.identifiant)):
        for depose in groupe.objets:
            _objet(plume, depose)
        for physique in groupe.physiques:
            _objet_physique(plume, physique)


def _objet(plume: PlumeSeda, depose: ObjetDepose) -> None:
    objet, format_ = depose.objet, depose.format
    with plume.element("BinaryDataObject", id=check_nom_xml(objet.identifiant)):
        plume.feuille("DataObjectVersion", objet.usage)
        for perenne in objet.identifiants_perennes:
            write_identifiant_perenne(plume, "PersistentIdentifier", perenne)
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


def _objet_physique(plume: PlumeSeda, objet: ObjetPhysique) -> None:
    with plume.element("PhysicalDataObject", id=check_nom_xml(objet.identifiant)):
        plume.feuille("DataObjectVersion", objet.usage)
        for perenne in objet.identifiants_perennes:
            write_identifiant_perenne(plume, "PersistentIdentifier", perenne)
        plume.feuille("PhysicalId", objet.cote)
        if objet.pages is not None:
            with plume.element("PhysicalDimensions"):
                plume.feuille("NumberOfPage", objet.pages)


def _unite(plume: PlumeSeda, unite: Unite, profondeur: int) -> None:
    if profondeur > PROFONDEUR_MAX:
        raise ValueError(f"Plus de {PROFONDEUR_MAX} unités archivistiques emboîtées.")
    with plume.element("ArchiveUnit", id=check_nom_xml(unite.identifiant)):
        plume.feuille("ArchiveUnitProfile", unite.profil)
        if unite.gestion and unite.gestion != _SANS_GESTION:
            with plume.element("Management"):
                write_gestion(plume, unite.gestion)
        write_contenu(plume, unite.contenu)
        for fille in unite.unites:
            _unite(plume, fille, profondeur + 1)
        if unite.groupe:
            with plume.element("DataObjectReference"):
                plume.feuille("DataObjectGroupReferenceId", unite.groupe)


_SANS_GESTION = Gestion()

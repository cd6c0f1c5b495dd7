"""Lecture d’un bordereau en flux, comme une donnée hostile : ni entité, ni DTD, ni réseau."""

from collections.abc import Callable, Iterator
from typing import IO, Any

from lxml import etree

from socle.normes.seda.controles.releve import ObjetLu, ReglesLues, Releve, UniteLue

VERSIONS_LUES = ("2.1", "2.2", "2.3")
_PREFIXE = "fr:gouv:culture:archivesdefrance:seda:v"
_SUIVIS = (
    "ArchiveTransfer",
    "ArchivalAgreement",
    "DataObjectGroup",
    "BinaryDataObject",
    "PhysicalDataObject",
    "ArchiveUnit",
    "ManagementMetadata",
    "CodeListVersions",
)
_RENVOIS = frozenset(
    (
        "ArchiveUnitRefId",
        "DataObjectGroupReferenceId",
        "DataObjectReferenceId",
        "SignedObjectId",
    )
)
CATEGORIES = (
    "StorageRule",
    "AppraisalRule",
    "AccessRule",
    "DisseminationRule",
    "ReuseRule",
    "ClassificationRule",
    "HoldRule",
)
_DATES = frozenset(
    (
        "CreatedDate",
        "TransactedDate",
        "AcquiredDate",
        "SentDate",
        "ReceivedDate",
        "RegisteredDate",
        "StartDate",
        "EndDate",
    )
)
_LIBERES = frozenset(("ArchiveUnit", "DataObjectGroup", "BinaryDataObject", "PhysicalDataObject"))
_ID_XML = "{http://www.w3.org/XML/1998/namespace}id"


class BordereauIllisible(Exception):
    """Le bordereau ne se lit pas ; `detail` complète le code CHECK_SEDA."""

    def __init__(self, message: str, *, detail: str = "NOT_XML_FILE", lieu: str = "") -> None:
        """`lieu` situe le défaut, par exemple « ligne 12 »."""
        super().__init__(message)
        self.message, self.detail, self.lieu = message, detail, lieu


SurProfil = Callable[[str, str, Any], None]


def read_bordereau(
    flux: IO[bytes], *, caracteres_par_champ: int, sur_profil: SurProfil | None = None
) -> Releve:
    """Relève les faits d’un bordereau SEDA 2.1, 2.2 ou 2.3, en mémoire bornée par leur nombre.

    Args:
        flux: octets du bordereau, lus une fois.
        caracteres_par_champ: longueur au-delà de laquelle un champ d’unité est signalé.
        sur_profil: reçoit (lieu, profil, élément) de chaque unité qui déclare un profil d’unité.

    Raises:
        BordereauIllisible: XML mal formé, DTD, mauvaise racine, version de SEDA inconnue.
    """
    lecteur = _Lecteur(caracteres_par_champ, sur_profil)
    evenements = etree.iterparse(
        flux,
        events=("start", "end"),
        tag=[f"{{*}}{nom}" for nom in _SUIVIS],
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for evenement, element in evenements:
            if evenement == "start":
                lecteur.start(element)
            else:
                lecteur.end(element)
    except etree.XMLSyntaxError as cause:
        raise BordereauIllisible(_mal_forme(cause), lieu=f"ligne {cause.lineno or 1}") from cause
    if not lecteur.commence:
        raise BordereauIllisible(
            "Le bordereau n’est pas un message de transfert SEDA (ArchiveTransfer).",
            detail="NOT_XSD_VALID",
        )
    return lecteur.releve


def _mal_forme(cause: etree.XMLSyntaxError) -> str:
    if "depth" in (cause.msg or "").lower():
        return "Le bordereau emboîte trop d’éléments. Réduisez le nombre de niveaux d’unités."
    return (
        "Le bordereau n’est pas un fichier XML bien formé. Ouvrez-le à la ligne indiquée, "
        "ou refaites l’export."
    )


def _nom(element: etree._Element) -> str:
    return etree.QName(element).localname


def _texte(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


class _Lecteur:
    """Suit débuts et fins d’éléments, remplit un relevé, libère la mémoire à mesure."""

    def __init__(self, caracteres_par_champ: int, sur_profil: SurProfil | None) -> None:
        self._sur_profil = sur_profil
        self.releve = Releve()
        self.commence = False
        self._limite = caracteres_par_champ
        self._espace = ""
        self._unites: list[str] = []

    def start(self, element: etree._Element) -> None:
        if not self.commence:
            self._racine(element)
        elif _nom(element) == "ArchiveUnit":
            self._unites.append(element.get("id", ""))
        elif _nom(element) == "DataObjectGroup" and not self._unites:
            self.releve.groupes[element.get("id", "")] = element.sourceline or 0

    def _racine(self, element: etree._Element) -> None:
        arbre = element.getroottree()
        if arbre.docinfo.doctype or arbre.docinfo.internalDTD is not None:
            raise BordereauIllisible(
                "Le bordereau déclare une DTD, ce qui permet des attaques par entités. "
                "Retirez la ligne « <!DOCTYPE … > ».",
                lieu="ligne 1",
            )
        racine = etree.QName(arbre.getroot())
        version = (racine.namespace or "").removeprefix(_PREFIXE)
        if racine.localname != "ArchiveTransfer":
            raise BordereauIllisible(
                "Le bordereau n’est pas un message de transfert SEDA (ArchiveTransfer).",
                detail="NOT_XSD_VALID",
                lieu=racine.localname,
            )
        if version not in VERSIONS_LUES:
            raise BordereauIllisible(
                "La version de SEDA du bordereau n’est pas prise en charge. "
                f"Employez l’une de celles-ci : {', '.join(VERSIONS_LUES)}.",
                detail="UNSUPPORTED_SEDA_VERSION",
                lieu=racine.namespace or "",
            )
        self.commence = True
        self.releve.version = version
        self._espace = f"{{{racine.namespace}}}"

    def end(self, element: etree._Element) -> None:
        nom = _nom(element)
        if nom == "ArchivalAgreement":
            self.releve.contrat = _texte(element)
        elif nom in {"BinaryDataObject", "PhysicalDataObject"}:
            self._objet(element, physique=nom == "PhysicalDataObject")
        elif nom == "DataObjectGroup":
            if not self._unites:  # dans une unité : rattachement, lu avec elle
                self._libere(element)
        elif nom == "ArchiveUnit":
            self._unites.pop()
            self._unite(element)
            self._libere(element)
        elif nom == "ManagementMetadata":
            self._gestion_du_versement(element)
            self._libere(element)
        elif nom in {"CodeListVersions", "ArchiveTransfer"}:
            self._libere(element)

    def _libere(self, element: etree._Element) -> None:
        """Relève identifiants et renvois de la branche, puis l’oublie."""
        for noeud in element.iter(etree.Element):
            nom = _nom(noeud)
            self._declare(noeud.get("id") or noeud.get(_ID_XML), noeud)
            if nom == "DataObjectGroupId":  # de type xsd:ID lui aussi
                self._declare(_texte(noeud), noeud)
            if nom in _RENVOIS and noeud.text:
                self.releve.renvois.append((nom, noeud.text.strip(), noeud.sourceline or 0))
        element.clear()
        # L’élément lui-même sert encore à l’analyseur : on retire celui d’avant, déjà vidé.
        precedent, parent = element.getprevious(), element.getparent()
        if precedent is not None and parent is not None and _nom(precedent) in _LIBERES:
            parent.remove(precedent)

    def _declare(self, identifiant: str | None, noeud: etree._Element) -> None:
        if identifiant:
            if identifiant in self.releve.identifiants:
                self.releve.identifiants_doubles.append((identifiant, noeud.sourceline or 0))
            self.releve.identifiants.add(identifiant)

    def _fils(self, element: etree._Element, chemin: str) -> etree._Element | None:
        return element.find("/".join(self._espace + nom for nom in chemin.split("/")))

    def _objet(self, element: etree._Element, *, physique: bool) -> None:
        parent = element.getparent()
        dans_un_groupe = parent is not None and _nom(parent) == "DataObjectGroup"
        identifiant = element.get("id", "")
        if dans_un_groupe and parent is not None:
            groupe = parent.get("id", "")
        else:
            groupe = (
                _texte(self._fils(element, "DataObjectGroupId"))
                or _texte(self._fils(element, "DataObjectGroupReferenceId"))
                or identifiant
            )
        empreinte = self._fils(element, "MessageDigest")
        uri = self._fils(element, "Uri")
        physique_id = self._fils(element, "PhysicalId")
        self.releve.objets.append(
            ObjetLu(
                identifiant=identifiant,
                groupe=groupe,
                ligne=element.sourceline or 0,
                dans_un_groupe=dans_un_groupe or groupe != identifiant,
                physique=physique,
                usage=_texte(self._fils(element, "DataObjectVersion")),
                uri=None if uri is None else _texte(uri),
                identifiant_physique=None if physique_id is None else _texte(physique_id),
                algorithme=empreinte.get("algorithm", "") if empreinte is not None else "",
                empreinte=None if empreinte is None else _texte(empreinte),
                taille=_texte(self._fils(element, "Size")),
                puid=_texte(self._fils(element, "FormatIdentification/FormatId")),
            )
        )
        if not dans_un_groupe:
            self._libere(element)

    def _unite(self, element: etree._Element) -> None:
        renvoi = self._fils(element, "ArchiveUnitRefId")
        unite = UniteLue(
            identifiant=element.get("id", ""),
            ligne=element.sourceline or 0,
            parente=self._unites[-1] if self._unites else "",
            renvoi=None if renvoi is None else _texte(renvoi),
        )
        contenu = self._fils(element, "Content")
        if contenu is not None:
            self._contenu(unite, contenu)
        for reference in element.iterfind(f"{self._espace}DataObjectReference"):
            groupe = self._fils(reference, "DataObjectGroupReferenceId")
            objet = self._fils(reference, "DataObjectReferenceId")
            if groupe is not None:
                unite.groupes.append(_texte(groupe))
            elif objet is not None:
                unite.objets.append(_texte(objet))
        existant = self._fils(element, "DataObjectGroup/DataObjectGroupExistingReferenceId")
        unite.groupe_existant = None if existant is None else _texte(existant)
        self._gestion(unite, element)
        self.releve.unites.append(unite)
        profil = self._fils(element, "ArchiveUnitProfile") if self._sur_profil else None
        if profil is not None and self._sur_profil:
            self._sur_profil(unite.lieu, _texte(profil), element)

    def _contenu(self, unite: UniteLue, contenu: etree._Element) -> None:
        for champ in contenu:
            nom, texte = _nom(champ), _texte(champ)
            if nom == "Title":
                unite.titres.append(texte)
            elif nom in _DATES:
                unite.dates.append((nom, texte))
            if len(texte) > self._limite:
                unite.champs_longs.append(nom)

    def _gestion(self, unite: UniteLue, element: etree._Element) -> None:
        gestion = self._fils(element, "Management")
        if gestion is None:
            return
        mise_a_jour = self._fils(gestion, "UpdateOperation")
        if mise_a_jour is not None:
            unite.existante = True
            cible = self._fils(mise_a_jour, "SystemId")
            unite.cible = None if cible is None else _texte(cible)
        self.releve.regles.extend(self._regles(gestion, unite.lieu))

    def _gestion_du_versement(self, element: etree._Element) -> None:
        releve = self.releve
        releve.a_un_versement = True
        producteur = self._fils(element, "OriginatingAgencyIdentifier")
        releve.service_producteur = _texte(producteur)
        releve.profil = _texte(self._fils(element, "ArchivalProfile"))
        releve.service_versant = _texte(self._fils(element, "SubmissionAgencyIdentifier"))
        releve.regles.extend(self._regles(element, "gestion du versement"))

    def _regles(self, gestion: etree._Element, lieu: str) -> Iterator[ReglesLues]:
        for categorie in CATEGORIES:
            bloc = self._fils(gestion, categorie)
            if bloc is None:
                continue
            lues = ReglesLues(categorie, f"{categorie}, {lieu}")
            for champ in bloc:
                nom, texte = _nom(champ), _texte(champ)
                if nom == "Rule":
                    lues.codes.append(texte)
                elif nom == "RefNonRuleId":
                    lues.exclues.append(texte)
                elif nom == "StartDate":
                    lues.departs.append(texte)
                elif nom == "ClassificationLevel":
                    lues.niveau = texte
            yield lues

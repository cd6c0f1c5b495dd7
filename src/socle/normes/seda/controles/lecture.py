"""Lecture d’un bordereau en flux, comme une donnée hostile : ni entité, ni DTD, ni réseau."""

import re
from collections.abc import Callable, Iterator
from sys import intern
from typing import IO, Any

from lxml import etree

from socle.normes.seda.controles.errors import BordereauIllisible
from socle.normes.seda.controles.jauge import POIDS, Jauge
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
_OBJETS = frozenset(("BinaryDataObject", "PhysicalDataObject"))
_LIBERES = frozenset(("ArchiveUnit", "DataObjectGroup", "BinaryDataObject", "PhysicalDataObject"))
_RESERVES = frozenset("_#")  # Vitam : ni balise HTML, ni ces signes au début d’une valeur
_BALISE = re.compile(
    r"</?(?:a|b|i|u|p|br|div|span|script|img|table|ul|ol|li|h[1-6]|html|body|style|iframe|svg|font|"
    r"strong|em)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_NUL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_ID_XML = "{http://www.w3.org/XML/1998/namespace}id"


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
    lecteur = _Lecteur(jauge := Jauge(flux), caracteres_par_champ, sur_profil)
    evenements = etree.iterparse(
        jauge,
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
    except ValueError as cause:  # texte hors de son encodage, nom que lxml ne sait pas dire
        raise BordereauIllisible(
            "Le bordereau contient des caractères qui ne se lisent pas. Enregistrez-le en UTF-8."
        ) from cause
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
    """Nom sans espace de noms. Appelé à chaque nœud : `QName` coûterait dix fois plus."""
    return str(element.tag).rpartition("}")[2]


def _texte(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


class _Lecteur:
    """Suit débuts et fins d’éléments, remplit un relevé, libère la mémoire à mesure."""

    def __init__(
        self, jauge: Jauge, caracteres_par_champ: int, sur_profil: SurProfil | None
    ) -> None:
        self._jauge = jauge
        self._sur_profil = sur_profil
        self.releve = Releve()
        self.commence = False
        self._limite = caracteres_par_champ
        self._espace = self._groupe_id = ""
        self._renvois: frozenset[str] = frozenset()
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
        self._renvois = frozenset(self._espace + nom for nom in _RENVOIS)
        self._groupe_id = f"{self._espace}DataObjectGroupId"

    def end(self, element: etree._Element) -> None:
        nom = _nom(element)
        if nom == "ArchivalAgreement":
            self.releve.contrat = _texte(element)
        elif nom in _OBJETS:
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
        noeuds = 0
        for noeud in element.iter(etree.Element):
            noeuds += 1
            tag = noeud.tag
            if noeud.attrib:
                self._declare(noeud.get("id") or noeud.get(_ID_XML), noeud)
            if tag in self._renvois and noeud.text:
                renvoi = intern(_nom(noeud)), noeud.text.strip(), noeud.sourceline or 0
                self.releve.renvois.append(renvoi)
            elif tag == self._groupe_id:  # de type xsd:ID lui aussi
                self._declare(_texte(noeud), noeud)
        self._jauge.oublies += noeuds
        self._jauge.add_faits(noeuds)
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

    def _fils(self, element: etree._Element) -> dict[str, etree._Element]:
        """Premiers fils de chaque nom, en un seul passage ; les autres espaces sont ignorés."""
        longueur, espace = len(self._espace), self._espace
        fils: dict[str, etree._Element] = {}
        for enfant in element.iterchildren(etree.Element):
            tag = str(enfant.tag)
            if tag.startswith(espace):
                fils.setdefault(tag[longueur:], enfant)
        return fils

    def _objet(self, element: etree._Element, *, physique: bool) -> None:
        parent = element.getparent()
        dans_un_groupe = parent is not None and _nom(parent) == "DataObjectGroup"
        identifiant, fils = element.get("id", ""), self._fils(element)
        if dans_un_groupe and parent is not None:
            groupe = parent.get("id", "")
        else:
            groupe = (
                _texte(fils.get("DataObjectGroupId"))
                or _texte(fils.get("DataObjectGroupReferenceId"))
                or identifiant
            )
        empreinte, uri, cote = (fils.get(n) for n in ("MessageDigest", "Uri", "PhysicalId"))
        format_ = fils.get("FormatIdentification")
        puid = self._fils(format_).get("FormatId") if format_ is not None else None
        self.releve.objets.append(
            ObjetLu(
                identifiant=identifiant,
                groupe=groupe,
                ligne=element.sourceline or 0,
                dans_un_groupe=dans_un_groupe or groupe != identifiant,
                physique=physique,
                usage=intern(_texte(fils.get("DataObjectVersion"))),
                uri=None if uri is None else _texte(uri),
                identifiant_physique=None if cote is None else _texte(cote),
                algorithme=intern(empreinte.get("algorithm", "")) if empreinte is not None else "",
                empreinte=None if empreinte is None else _texte(empreinte),
                taille=_texte(fils.get("Size")),
                puid=intern(_texte(puid)),
            )
        )
        self._jauge.add_faits(POIDS)
        if not dans_un_groupe:
            self._libere(element)

    def _unite(self, element: etree._Element) -> None:
        fils = self._fils(element)
        renvoi = fils.get("ArchiveUnitRefId")
        unite = UniteLue(
            identifiant=element.get("id", ""),
            ligne=element.sourceline or 0,
            parente=self._unites[-1] if self._unites else "",
            renvoi=None if renvoi is None else _texte(renvoi),
        )
        if (contenu := fils.get("Content")) is not None:
            self._contenu(unite, contenu)
        if "DataObjectReference" in fils:
            self._references(unite, element)
        if (existant := fils.get("DataObjectGroup")) is not None:
            cible = self._fils(existant).get("DataObjectGroupExistingReferenceId")
            unite.groupe_existant = None if cible is None else _texte(cible)
        if (gestion := fils.get("Management")) is not None:
            self._gestion(unite, gestion)
        self.releve.unites.append(unite)
        self._jauge.add_faits(POIDS)
        profil = fils.get("ArchiveUnitProfile")
        if profil is not None and self._sur_profil:
            self._sur_profil(unite.lieu, _texte(profil), element)

    def _references(self, unite: UniteLue, element: etree._Element) -> None:
        groupes, objets = [], []
        for reference in element.iterfind(f"{self._espace}DataObjectReference"):
            fils = self._fils(reference)
            if (groupe := fils.get("DataObjectGroupReferenceId")) is not None:
                groupes.append(_texte(groupe))
            elif (objet := fils.get("DataObjectReferenceId")) is not None:
                objets.append(_texte(objet))
        unite.groupes, unite.objets = tuple(groupes), tuple(objets)

    def _contenu(self, unite: UniteLue, contenu: etree._Element) -> None:
        titres, dates, longs, douteux = [], [], [], []
        for champ in contenu.iterchildren(etree.Element):
            nom, texte = _nom(champ), _texte(champ)
            if nom == "Title":
                titres.append(texte)
            elif nom in _DATES:
                dates.append((intern(nom), intern(texte)))
            if len(texte) > self._limite:
                longs.append(nom)
            if texte[:1] in _RESERVES or ("<" in texte and _BALISE.search(texte)):
                douteux.append(nom)
        unite.champs_douteux = tuple(douteux)
        unite.titres, unite.dates, unite.champs_longs = tuple(titres), tuple(dates), tuple(longs)

    def _gestion(self, unite: UniteLue, gestion: etree._Element) -> None:
        fils = self._fils(gestion)
        if (mise_a_jour := fils.get("UpdateOperation")) is not None:
            unite.existante = True
            cible = self._fils(mise_a_jour).get("SystemId")
            unite.cible = None if cible is None else _texte(cible)
        self.releve.regles.extend(self._regles(fils, unite))

    def _gestion_du_versement(self, element: etree._Element) -> None:
        releve, fils = self.releve, self._fils(element)
        releve.a_un_versement = True
        releve.service_producteur = _texte(fils.get("OriginatingAgencyIdentifier"))
        releve.profil = _texte(fils.get("ArchivalProfile"))
        releve.service_versant = _texte(fils.get("SubmissionAgencyIdentifier"))
        releve.regles.extend(self._regles(fils, None))

    def _regles(
        self, fils: dict[str, etree._Element], unite: UniteLue | None
    ) -> Iterator[ReglesLues]:
        for categorie, bloc in fils.items():
            if categorie not in CATEGORIES:
                continue
            valeurs: dict[str, list[str]] = {"Rule": [], "RefNonRuleId": [], "StartDate": []}
            niveau = ""
            for champ in bloc.iterchildren(etree.Element):
                nom = _nom(champ)
                if nom == "StartDate" and champ.get(_NUL) in {"true", "1"}:
                    continue  # date de départ que l’on sait inconnue
                if nom in valeurs:
                    valeurs[nom].append(intern(_texte(champ)))
                elif nom == "ClassificationLevel":
                    niveau = intern(_texte(champ))
            codes, exclues, departs = map(tuple, valeurs.values())
            yield ReglesLues(intern(categorie), unite, codes, exclues, departs, niveau)

"""Contrôle complet d’un paquet, dans l’ordre des étapes d’une entrée Vitam."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from lxml import etree

from socle.normes.seda.controles import conteneur as boite
from socle.normes.seda.controles.contenus import check_contenus, is_format_controle
from socle.normes.seda.controles.entete import (
    check_contrat,
    check_relation,
    check_services,
    is_profil_controle,
)
from socle.normes.seda.controles.errors import BordereauIllisible
from socle.normes.seda.controles.lecture import read_bordereau
from socle.normes.seda.controles.limites import Attentes, Limites
from socle.normes.seda.controles.objets import check_groupes, check_nombre, check_usages
from socle.normes.seda.controles.profil_rng import Profil, ProfilRefuse, load_profil
from socle.normes.seda.controles.pua import ControleDesProfils
from socle.normes.seda.controles.rapport import (
    Anomalie,
    Controle,
    Rapport,
    Statut,
    to_controles,
)
from socle.normes.seda.controles.regles import check_classification, check_regles
from socle.normes.seda.controles.releve import Releve
from socle.normes.seda.controles.schema import SchemaChoisi, check_schema
from socle.normes.seda.controles.unites import (
    check_coherence,
    check_identifiants,
    check_renvois,
    check_unites,
)
from socle.normes.seda.formats import Identifieur

_PAQUET = "CHECK_DATAOBJECTPACKAGE"
_NOM_CONTENEUR = "Archive lisible et sans piège"
_NOM_SEDA = "Bordereau SEDA bien formé"

_EN_TETE: tuple[tuple[str, str, Callable[[Releve, Attentes], Iterator[Anomalie]]], ...] = (
    ("CHECK_HEADER.CHECK_CONTRACT_INGEST", "Contrat d’entrée", check_contrat),
    ("CHECK_HEADER.CHECK_AGENT", "Service producteur et service versant", check_services),
)
_BORDEREAU: tuple[tuple[str, str, Callable[[Releve, Attentes], Iterator[Anomalie]]], ...] = (
    (
        f"{_PAQUET}.CHECK_MANIFEST_DATAOBJECT_VERSION",
        "Usages des fichiers",
        lambda releve, _: check_usages(releve),
    ),
    (f"{_PAQUET}.CHECK_MANIFEST", "Groupes d’objets", check_groupes),
    (f"{_PAQUET}.CHECK_MANIFEST", "Arborescence des unités", check_renvois),
    (
        f"{_PAQUET}.CHECK_CONSISTENCY",
        "Liens entre unités et objets",
        lambda releve, _: check_coherence(releve),
    ),
)
_UNITES: tuple[tuple[str, str, Callable[[Releve, Attentes], Iterator[Anomalie]]], ...] = (
    (
        "CHECK_UNIT_SCHEMA",
        "Titres et dates des unités",
        lambda releve, _: check_unites(releve),
    ),
    ("CHECK_CLASSIFICATION_LEVEL", "Niveaux de classification", check_classification),
    ("UNITS_RULES_COMPUTE", "Règles de gestion", check_regles),
)


def check_sip(
    path: Path,
    *,
    schema: etree.XMLSchema | None = None,
    schemas: Callable[[str], SchemaChoisi] | None = None,
    attentes: Attentes | None = None,
    identifieur: Identifieur | None = None,
    limites: Limites | None = None,
    profil: Profil | None = None,
    lit_contenus: bool = True,
) -> Rapport:
    """Contrôle un paquet SIP (ZIP ou TAR, SEDA 2.1 à 2.3) comme le système d’archivage.

    Args:
        path: fichier du paquet. Rien n’y est écrit et rien n’en est déployé hors de `tempfile`.
        schema: schéma officiel de la version du bordereau (`schema.load_schema`) ; sans lui ni
            `schemas`, la conformité n’est pas contrôlée et `Rapport.schema_verifie` vaut False.
        schemas: donne le schéma d’une version (`emplacement.Schematheque`).
        attentes: référentiels du destinataire ; ce qui y vaut None n’est pas contrôlé.
        identifieur: reconnaît les formats ; sans lui, seuls les formats déclarés sont jugés.
        limites: bornes opposées à une archive hostile.
        profil: profil Relax NG à suivre, quel que soit celui que le bordereau déclare.
        lit_contenus: faux pour ne pas lire les fichiers (empreintes, tailles, formats).

    Returns:
        Un rapport, même pour un fichier qui n’est pas un paquet : le refus est un contrôle à KO.

    Raises:
        OSError: `path` ne se lit pas.

    Source: workflow d’entrée de Vitam (codes d’événements) et schémas SEDA.
    """
    verification = _Verification(path, attentes or Attentes(), identifieur, limites or Limites())
    verification.schemas = schemas
    if schema is not None:
        verification.schemas = lambda _: SchemaChoisi(schema, "schéma officiel")
    verification.profil = profil
    verification.lit_contenus = lit_contenus
    return verification.run()


class _Verification:
    """Enchaîne les contrôles ; s’arrête quand les suivants n’auraient plus de sens."""

    def __init__(
        self,
        chemin: Path,
        attentes: Attentes,
        identifieur: Identifieur | None,
        limites: Limites,
    ) -> None:
        self._chemin = chemin
        self._attentes = attentes
        self._identifieur = identifieur
        self._limites = limites
        self._controles: list[Controle] = []
        self._releve = Releve()
        self._pua = ControleDesProfils(attentes)
        self._schema_dit = ""
        self.schemas: Callable[[str], SchemaChoisi] | None = None
        self.profil: Profil | None = None
        self.lit_contenus = True

    def run(self) -> Rapport:
        try:
            contenant = boite.open_conteneur(self._chemin, self._limites)
        except boite.ConteneurRefuse as refus:
            self._ajoute("CHECK_CONTAINER", _NOM_CONTENEUR, iter([refus.anomalie]))
        else:
            with closing(contenant):
                self._paquet(contenant)
        return Rapport(
            controles=tuple(self._controles),
            version=self._releve.version,
            schema_verifie=bool(self._schema_dit),
            schema=self._schema_dit,
            nombre_unites=sum(1 for unite in self._releve.unites if unite.renvoi is None),
            nombre_objets=len(self._releve.objets),
        )

    def _ajoute(self, code: str, nom: str, anomalies: Iterator[Anomalie]) -> bool:
        """Ajoute les lignes d’un contrôle ; dit s’il est passé sans KO."""
        lignes = to_controles(code, nom, anomalies)
        self._controles.extend(lignes)
        return Rapport(controles=tuple(lignes)).is_acceptable

    def _paquet(self, contenant: boite.Conteneur) -> None:
        place = len(self._controles)
        self._ajoute(
            "MANIFEST_FILE_NAME_CHECK", "Nom du bordereau", boite.check_manifeste(contenant)
        )
        self._ajoute("STP_UPLOAD_SIP", "Noms de fichiers", boite.check_noms(contenant))
        self._ajoute(
            "CHECK_SEDA.CONTAINER_FORMAT", "Structure du paquet", boite.check_racine(contenant)
        )
        abimes: list[Anomalie] = []
        virus: list[Anomalie] = []
        if contenant.manifestes and self._bordereau(contenant, abimes):
            self._contenus(contenant, abimes, virus)
        debut = to_controles("CHECK_CONTAINER", _NOM_CONTENEUR, abimes)
        if virus:
            debut = [*to_controles("SANITY_CHECK_SIP", "Fichiers sans virus", virus), *debut]
        self._controles[place:place] = debut

    def _bordereau(self, contenant: boite.Conteneur, abimes: list[Anomalie]) -> bool:
        """Lit le bordereau et le contrôle ; dit s’il a pu être lu."""
        entree = contenant.fichiers[contenant.manifestes[0]]
        if entree.file_size > self._limites.octets_manifeste:
            message = (
                f"Le bordereau pèse {entree.file_size} octets, la limite est "
                f"{self._limites.octets_manifeste}. Partagez le versement."
            )
            return self._ajoute("CHECK_SEDA", _NOM_SEDA, iter([Anomalie(message=message)]))

        def ouvrir() -> IO[bytes]:
            return contenant.zip.open(entree)

        suit_profils = self._attentes.profils_unites is not None
        try:
            with ouvrir() as flux:
                self._releve = read_bordereau(
                    flux,
                    caracteres_par_champ=self._limites.caracteres_par_champ,
                    sur_profil=self._pua.check_unite if suit_profils else None,
                )
            self._seda(ouvrir)
        except BordereauIllisible as refus:
            anomalie = Anomalie(detail=refus.detail, lieu=refus.lieu, message=refus.message)
            return self._ajoute("CHECK_SEDA", _NOM_SEDA, iter([anomalie]))
        except boite.ERREURS_DE_LECTURE:
            abimes.append(Anomalie(lieu=entree.filename, message=boite.FICHIER_ABIME))
            return False
        self._faits(contenant, ouvrir, entree.file_size)
        return True

    def _seda(self, ouvrir: Callable[[], IO[bytes]]) -> None:
        self._ajoute("CHECK_SEDA", _NOM_SEDA, check_identifiants(self._releve))
        if self.schemas is None:
            return
        choisi = self.schemas(self._releve.version)
        self._schema_dit = choisi.origine
        vitam = self._releve.version if self._attentes.extensions_vitam else ""
        self._ajoute(
            "CHECK_SEDA.NOT_XSD_VALID",
            "Conformité au schéma officiel" if choisi.officiel else "Conformité à notre grammaire",
            check_schema(ouvrir, choisi.objet, version_vitam=vitam),
        )

    def _faits(
        self, contenant: boite.Conteneur, ouvrir: Callable[[], IO[bytes]], octets: int
    ) -> None:
        for code, nom, check in _EN_TETE:
            self._ajoute(code, nom, check(self._releve, self._attentes))
        if is_profil_controle(self._attentes):
            self._ajoute(
                "CHECK_HEADER.CHECK_IC_AP_RELATION",
                "Profil d’archivage du contrat",
                check_relation(self._releve, self._attentes),
            )
        self._profil(ouvrir, octets)
        self._ajoute(
            f"{_PAQUET}.CHECK_MANIFEST_OBJECTNUMBER",
            "Fichiers déclarés et fichiers présents",
            check_nombre(self._releve, contenant.contenus),
        )
        for code, nom, check_releve in _BORDEREAU:
            self._ajoute(code, nom, check_releve(self._releve, self._attentes))

    def _profil(self, ouvrir: Callable[[], IO[bytes]], octets: int) -> None:
        code, nom = "CHECK_HEADER.CHECK_ARCHIVEPROFILE", "Conformité au profil d’archivage"
        connu = (self._attentes.profils or {}).get(self._releve.profil)
        profil = self.profil
        if profil is None and connu is None:
            return
        remarque = ""
        if profil is None and connu and not connu.rng:
            remarque = "La notice du profil est là sans sa grammaire (RNG) : rien n’est comparé."
        elif octets > self._limites.octets_en_arbre:
            remarque = "Le bordereau est trop gros pour être comparé au profil d’archivage ici."
        if remarque:
            self._ajoute(code, nom, iter([Anomalie(statut=Statut.WARNING, message=remarque)]))
            return
        try:
            profil = profil or load_profil(connu.rng if connu else b"")
            with ouvrir() as flux:
                self._ajoute(code, nom, profil.check(flux))
        except (etree.XMLSyntaxError, ValueError):
            message = "Le bordereau ne se lit pas assez pour être comparé au profil d’archivage."
            self._ajoute(code, nom, iter([Anomalie(message=message)]))
        except ProfilRefuse as refus:
            self._ajoute(code, nom, iter([Anomalie(message=str(refus), lieu=self._releve.profil)]))

    def _contenus(
        self, contenant: boite.Conteneur, abimes: list[Anomalie], virus: list[Anomalie]
    ) -> None:
        if self.lit_contenus:
            constats = check_contenus(contenant, self._releve, self._attentes, self._identifieur)
            self._ajoute("CHECK_DIGEST", "Empreintes des fichiers", iter(constats.empreintes))
            self._ajoute("CHECK_OBJECT_SIZE", "Tailles des fichiers", iter(constats.tailles))
            if self._identifieur or is_format_controle(self._releve, self._attentes):
                self._ajoute(
                    "OG_OBJECTS_FORMAT_CHECK", "Formats des fichiers", iter(constats.formats)
                )
            abimes += constats.conteneur
            virus += constats.virus
        for code, nom, check in _UNITES:
            self._ajoute(code, nom, check(self._releve, self._attentes))
        if self._attentes.profils_unites is not None:
            self._ajoute(
                "CHECK_ARCHIVE_UNIT_PROFILE",
                "Profils d’unité archivistique",
                iter(self._pua.anomalies),
            )

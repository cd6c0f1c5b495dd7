"""Contrôle complet d’un paquet, dans l’ordre des étapes d’une entrée Vitam."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from lxml import etree

from socle.normes.seda.controles import conteneur as boite
from socle.normes.seda.controles.contenus import check_contenus
from socle.normes.seda.controles.entete import check_contrat, check_services
from socle.normes.seda.controles.lecture import BordereauIllisible, read_bordereau
from socle.normes.seda.controles.limites import Attentes, Limites
from socle.normes.seda.controles.objets import check_groupes, check_nombre, check_usages
from socle.normes.seda.controles.rapport import Anomalie, Controle, Rapport, to_controles
from socle.normes.seda.controles.regles import check_classification, check_regles
from socle.normes.seda.controles.releve import Releve
from socle.normes.seda.controles.schema import check_schema
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
_BORDEREAU: tuple[tuple[str, str, Callable[[Releve], Iterator[Anomalie]]], ...] = (
    (f"{_PAQUET}.CHECK_MANIFEST_DATAOBJECT_VERSION", "Usages des fichiers", check_usages),
    (f"{_PAQUET}.CHECK_MANIFEST", "Groupes d’objets", check_groupes),
    (f"{_PAQUET}.CHECK_MANIFEST", "Arborescence des unités", check_renvois),
    (f"{_PAQUET}.CHECK_CONSISTENCY", "Liens entre unités et objets", check_coherence),
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
    attentes: Attentes | None = None,
    identifieur: Identifieur | None = None,
    limites: Limites | None = None,
) -> Rapport:
    """Contrôle un paquet SIP (ZIP, SEDA 2.1 à 2.3) comme le ferait le système d’archivage.

    Args:
        path: fichier du paquet. Rien n’y est écrit et rien n’en est déployé hors de `tempfile`.
        schema: schéma officiel de la version du bordereau (`schema.load_schema`) ; sans lui, la
            conformité XSD n’est pas contrôlée et `Rapport.schema_verifie` vaut False.
        attentes: référentiels du destinataire ; ce qui y vaut None n’est pas contrôlé.
        identifieur: reconnaît les formats ; sans lui, OG_OBJECTS_FORMAT_CHECK n’est pas fait.
        limites: bornes opposées à une archive hostile.

    Returns:
        Un rapport, même pour un fichier qui n’est pas un paquet : le refus est un contrôle à KO.

    Raises:
        OSError: `path` ne se lit pas.

    Source: workflow d’entrée de Vitam (codes d’événements) et schémas SEDA.
    """
    verification = _Verification(
        path, schema, attentes or Attentes(), identifieur, limites or Limites()
    )
    return verification.run()


class _Verification:
    """Enchaîne les contrôles ; s’arrête quand les suivants n’auraient plus de sens."""

    def __init__(
        self,
        chemin: Path,
        schema: etree.XMLSchema | None,
        attentes: Attentes,
        identifieur: Identifieur | None,
        limites: Limites,
    ) -> None:
        self._chemin = chemin
        self._schema = schema
        self._attentes = attentes
        self._identifieur = identifieur
        self._limites = limites
        self._controles: list[Controle] = []
        self._releve = Releve()
        self._schema_verifie = False

    def run(self) -> Rapport:
        try:
            contenant = boite.open_conteneur(self._chemin, self._limites)
        except boite.ConteneurRefuse as refus:
            self._ajoute("CHECK_CONTAINER", _NOM_CONTENEUR, iter([refus.anomalie]))
        else:
            with closing(contenant.zip):
                self._paquet(contenant)
        return Rapport(
            controles=tuple(self._controles),
            version=self._releve.version,
            schema_verifie=self._schema_verifie,
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
        if contenant.manifestes and self._bordereau(contenant, abimes):
            abimes.extend(self._contenus(contenant))
        self._controles[place:place] = to_controles("CHECK_CONTAINER", _NOM_CONTENEUR, abimes)

    def _bordereau(self, contenant: boite.Conteneur, abimes: list[Anomalie]) -> bool:
        """Lit le bordereau et le contrôle ; dit s’il a pu être lu."""
        entree = contenant.fichiers[contenant.manifestes[0]]
        if entree.file_size > self._limites.octets_manifeste:
            message = (
                f"Le bordereau pèse {entree.file_size} octets, la limite est "
                f"{self._limites.octets_manifeste}. Partagez le versement."
            )
            return self._ajoute("CHECK_SEDA", _NOM_SEDA, iter([Anomalie(message=message)]))
        try:
            with contenant.zip.open(entree) as flux:
                self._releve = read_bordereau(
                    flux, caracteres_par_champ=self._limites.caracteres_par_champ
                )
            self._seda(contenant, entree.filename)
        except BordereauIllisible as refus:
            anomalie = Anomalie(detail=refus.detail, lieu=refus.lieu, message=refus.message)
            return self._ajoute("CHECK_SEDA", _NOM_SEDA, iter([anomalie]))
        except boite.ERREURS_DE_LECTURE:
            abimes.append(Anomalie(lieu=entree.filename, message=boite.FICHIER_ABIME))
            return False
        self._faits(contenant)
        return True

    def _seda(self, contenant: boite.Conteneur, manifeste: str) -> None:
        self._ajoute("CHECK_SEDA", _NOM_SEDA, check_identifiants(self._releve))
        if self._schema is not None:
            self._schema_verifie = True
            self._ajoute(
                "CHECK_SEDA.NOT_XSD_VALID",
                "Conformité au schéma officiel",
                check_schema(lambda: contenant.zip.open(manifeste), self._schema),
            )

    def _faits(self, contenant: boite.Conteneur) -> None:
        for code, nom, check in _EN_TETE:
            self._ajoute(code, nom, check(self._releve, self._attentes))
        self._ajoute(
            f"{_PAQUET}.CHECK_MANIFEST_OBJECTNUMBER",
            "Fichiers déclarés et fichiers présents",
            check_nombre(self._releve, contenant.contenus),
        )
        for code, nom, check_releve in _BORDEREAU:
            self._ajoute(code, nom, check_releve(self._releve))

    def _contenus(self, contenant: boite.Conteneur) -> list[Anomalie]:
        constats = check_contenus(contenant, self._releve, self._attentes, self._identifieur)
        self._ajoute("CHECK_DIGEST", "Empreintes des fichiers", iter(constats.empreintes))
        self._ajoute("CHECK_OBJECT_SIZE", "Tailles des fichiers", iter(constats.tailles))
        if self._identifieur:
            self._ajoute("OG_OBJECTS_FORMAT_CHECK", "Formats des fichiers", iter(constats.formats))
        for code, nom, check in _UNITES:
            self._ajoute(code, nom, check(self._releve, self._attentes))
        return constats.conteneur

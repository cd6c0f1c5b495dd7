"""Compte rendu d’un contrôle de versement."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

ANOMALIES_PAR_CONTROLE = 20


class Statut(StrEnum):
    """Issue d’un contrôle, avec les mots de Vitam."""

    OK = "OK"
    WARNING = "WARNING"
    KO = "KO"


_GRAVITE = {Statut.OK: 0, Statut.WARNING: 1, Statut.KO: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomalie:
    """Défaut trouvé par un contrôle. `detail` complète le code d’événement (« INVALID »)."""

    message: str
    detail: str = ""
    lieu: str = ""
    statut: Statut = Statut.KO


@dataclass(frozen=True, slots=True, kw_only=True)
class Controle:
    """Un contrôle fait : code d’événement de Vitam, issue, lieu, phrase qui dit quoi corriger."""

    code: str
    nom: str
    statut: Statut
    lieu: str = ""
    message: str = ""

    def to_dict(self) -> dict[str, str]:
        """Forme JSON, pour l’enregistrement."""
        return {
            "code": self.code,
            "nom": self.nom,
            "statut": self.statut.value,
            "lieu": self.lieu,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Rapport:
    """Tous les contrôles faits sur un paquet, dans l’ordre des étapes d’une entrée Vitam.

    Un contrôle sans défaut figure une fois, à OK ; sinon chaque défaut est une ligne (20 au plus
    par contrôle, puis une ligne qui les compte). `schema_verifie` dit si un schéma a servi, et
    `schema` lequel.
    """

    controles: tuple[Controle, ...]
    version: str = ""
    schema_verifie: bool = False
    schema: str = ""
    nombre_unites: int = 0
    nombre_objets: int = 0

    @property
    def statut(self) -> Statut:
        """Pire issue rencontrée."""
        return max((c.statut for c in self.controles), key=_GRAVITE.__getitem__, default=Statut.KO)

    @property
    def is_acceptable(self) -> bool:
        """Aucun contrôle n’est à KO."""
        return self.statut is not Statut.KO

    def iter_defauts(self) -> Iterator[Controle]:
        """Donne les contrôles qui ne sont pas à OK."""
        return (controle for controle in self.controles if controle.statut is not Statut.OK)

    def to_dict(self) -> dict[str, object]:
        """Forme JSON, pour l’enregistrement."""
        return {
            "statut": self.statut.value,
            "version": self.version,
            "schema_verifie": self.schema_verifie,
            "schema": self.schema,
            "nombre_unites": self.nombre_unites,
            "nombre_objets": self.nombre_objets,
            "controles": [controle.to_dict() for controle in self.controles],
        }


def to_controles(code: str, nom: str, anomalies: Iterable[Anomalie]) -> list[Controle]:
    """Range les anomalies d’un contrôle sous son code ; sans anomalie, une ligne à OK."""
    lignes: list[Controle] = []
    pire, en_trop = Statut.WARNING, 0
    for anomalie in anomalies:
        if len(lignes) >= ANOMALIES_PAR_CONTROLE:
            en_trop += 1
            pire = max(pire, anomalie.statut, key=_GRAVITE.__getitem__)
            continue
        lignes.append(
            Controle(
                code=f"{code}.{anomalie.detail}" if anomalie.detail else code,
                nom=nom,
                statut=anomalie.statut,
                lieu=anomalie.lieu,
                message=anomalie.message,
            )
        )
    if en_trop:
        message = f"Le même contrôle relève encore {en_trop} autre(s) défaut(s)."
        lignes.append(Controle(code=code, nom=nom, statut=pire, message=message))
    return lignes or [Controle(code=code, nom=nom, statut=Statut.OK)]

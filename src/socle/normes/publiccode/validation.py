"""Contrôler une fiche : chaque anomalie dit où, quoi, et que faire.

Un document qui ne vient pas de `lecture` (formulaire, autre catalogue) se contrôle aussi : rien
n’est supposé de la sorte des valeurs.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from socle.normes.publiccode import vocabulaire as v
from socle.normes.publiccode.lecture import PAS_DU_TEXTE

LANGUE = re.compile(r"^[a-zA-Z]{2,3}(?:-[a-zA-Z]{4})?(?:-(?:[a-zA-Z]{2}|\d{3}))?(?:-\w{5,8})*$")
PAYS = re.compile(r"^[a-zA-Z]{2}$")
COURRIEL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")
JOUR = re.compile(r"^\d{4}-\d{2}-\d{2}$")
LICENCE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.+-]{1,60}$")
BALISE = re.compile(r"<\s*/?\s*[a-zA-Z!]")
COURTE_MAX, LONGUE_MIN, LONGUE_MAX, GENERIQUE_MAX = 150, 150, 10_000, 35
TEXTE_MAX, LISTE_MAX = 20_000, 500


class Gravite(StrEnum):
    ERREUR = "erreur"
    CONSEIL = "conseil"


@dataclass(frozen=True, slots=True)
class Anomalie:
    """Ce qui n’est pas conforme.

    Attributes:
        lieu: chemin de la clé, « description/fr/shortDescription » ; vide pour tout le fichier.
        code: nom court et stable, « obligatoire », « valeur », « date »…
        message: ce qui ne va pas et quoi faire, en français.
    """

    lieu: str
    code: str
    message: str
    gravite: Gravite = Gravite.ERREUR

    def __str__(self) -> str:
        return f"{self.lieu} : {self.message}" if self.lieu else self.message


Anomalies = Iterator[Anomalie]


def check_publiccode(donnees: Any) -> list[Anomalie]:
    """Rend les anomalies d’une fiche, erreurs d’abord ; vide si elle est conforme."""
    if not isinstance(donnees, dict):
        return [Anomalie("", "forme", "La fiche n’est pas une suite de « clé: valeur ».")]
    anomalies = [
        anomalie
        for regle in (_check_tete, _check_listes, _check_description, _check_legal,
                      _check_maintenance, _check_langues, _check_reste, _check_inconnues)
        for anomalie in regle(donnees)
    ]  # fmt: skip
    return sorted(anomalies, key=lambda anomalie: anomalie.gravite == Gravite.CONSEIL)


def list_erreurs(donnees: Any) -> list[Anomalie]:
    """Rend ce qui empêche la fiche d’être conforme, sans les conseils."""
    return [a for a in check_publiccode(donnees) if a.gravite == Gravite.ERREUR]


# Règles de forme ----------------------------------------------------------------------------------
def _texte(valeur: Any, lieu: str, *, obligatoire: bool = False, maximum: int = 500) -> Anomalies:
    if valeur is None or valeur == "":
        if obligatoire:
            yield Anomalie(lieu, "obligatoire", "Cette clé manque. Ajoutez-la.")
    elif not isinstance(valeur, str):
        yield Anomalie(lieu, "forme", "Un texte est attendu, entre guillemets au besoin.")
    elif len(valeur) > maximum:
        yield Anomalie(lieu, "longueur", f"{len(valeur)} signes. Raccourcissez à {maximum}.")
    elif BALISE.search(valeur):
        yield Anomalie(lieu, "html", "Du HTML. Écrivez du texte simple, ou du Markdown.")
    elif PAS_DU_TEXTE.search(valeur):
        yield Anomalie(lieu, "signe", "Un signe qui n’est pas du texte. Ôtez-le.")
    elif not valeur.strip() and obligatoire:
        yield Anomalie(lieu, "obligatoire", "Cette clé est vide. Remplissez-la.")


def _choix(valeur: Any, lieu: str, permis: tuple[str, ...]) -> Anomalies:
    manque = list(_texte(valeur, lieu, obligatoire=True))
    yield from manque
    if not manque and valeur not in permis:
        yield Anomalie(
            lieu, "valeur", f"« {valeur} » n’existe pas. Choisissez : {', '.join(permis)}."
        )


def _adresse(valeur: Any, lieu: str, *, obligatoire: bool = False) -> Anomalies:
    manque = list(_texte(valeur, lieu, obligatoire=obligatoire, maximum=2000))
    yield from manque
    if not manque and valeur and not is_adresse(valeur):
        yield Anomalie(lieu, "adresse", "Adresse mal formée. Écrivez-la en entier : https://…")


def is_adresse(valeur: str) -> bool:
    """Vrai pour une adresse http(s) complète, sans espace, signe de contrôle ni identifiants."""
    try:
        lue = urlsplit(valeur)
        hote, _ = lue.hostname, lue.port
    except ValueError:
        return False
    propre = not re.search(r"[\s\x00-\x1f\x7f\ud800-\udfff<>\"\\]", valeur)
    return lue.scheme in {"http", "https"} and bool(hote) and "@" not in lue.netloc and propre


def _jour(valeur: Any, lieu: str, *, obligatoire: bool = False) -> Anomalies:
    manque = list(_texte(valeur, lieu, obligatoire=obligatoire))
    yield from manque
    if not manque and valeur and not _is_jour(valeur):
        yield Anomalie(lieu, "date", f"« {valeur} » n’est pas une date. Écrivez AAAA-MM-JJ.")


def _is_jour(valeur: str) -> bool:
    if not JOUR.match(valeur):
        return False
    try:
        date.fromisoformat(valeur)
    except ValueError:
        return False
    return True


def _liste(
    valeur: Any, lieu: str, regle: Callable[[Any, str], Anomalies], *, obligatoire: bool = False
) -> Anomalies:
    if valeur is None or valeur == []:
        if obligatoire:
            yield Anomalie(lieu, "obligatoire", "Cette liste est vide. Donnez au moins une valeur.")
    elif not isinstance(valeur, list):
        yield Anomalie(lieu, "forme", "Une liste est attendue : une valeur par ligne, après « - ».")
    elif len(valeur) > LISTE_MAX:
        yield Anomalie(lieu, "longueur", f"Plus de {LISTE_MAX} valeurs.")
    else:
        for rang, element in enumerate(valeur):
            yield from regle(element, f"{lieu}/{rang}")


def _mot(permis: frozenset[str]) -> Callable[[Any, str], Anomalies]:
    def check(valeur: Any, lieu: str) -> Anomalies:
        manque = list(_texte(valeur, lieu, obligatoire=True))
        yield from manque
        if not manque and valeur not in permis:
            phrase = f"« {valeur} » n’est pas dans la liste de la norme. Ôtez-la."
            yield Anomalie(lieu, "valeur", phrase)

    return check


def _motif(motif: re.Pattern[str], phrase: str) -> Callable[[Any, str], Anomalies]:
    def check(valeur: Any, lieu: str) -> Anomalies:
        manque = list(_texte(valeur, lieu, obligatoire=True))
        yield from manque
        if not manque and not motif.match(valeur):
            yield Anomalie(lieu, "valeur", f"« {valeur} » : {phrase}")

    return check


def _court(valeur: Any, lieu: str) -> Anomalies:
    return _texte(valeur, lieu, obligatoire=True)


def _section(donnees: dict[str, Any], nom: str, *, obligatoire: bool) -> dict[str, Any] | None:
    """Rend la section, {} si elle manque et peut manquer, None si elle est fautive."""
    valeur = donnees.get(nom)
    if valeur is None and not obligatoire:
        return {}
    return valeur if isinstance(valeur, dict) and valeur else None


def _manque(nom: str) -> Anomalie:
    return Anomalie(nom, "obligatoire", "Cette section manque, ou n’a pas de clés. Ajoutez-la.")


# Règles de la norme -------------------------------------------------------------------------------
def _check_tete(donnees: dict[str, Any]) -> Anomalies:
    version = donnees.get("publiccodeYmlVersion")
    manque = list(_texte(version, "publiccodeYmlVersion", obligatoire=True))
    yield from manque
    if not manque and version not in v.VERSIONS:
        yield Anomalie("publiccodeYmlVersion", "version",
                       f"Version « {version} » inconnue. Écrivez \"0.4\" ou \"0.5\".")  # fmt: skip
    yield from _texte(donnees.get("name"), "name", obligatoire=True, maximum=200)
    yield from _adresse(donnees.get("url"), "url", obligatoire=True)
    for nom in ("landingURL", "roadmap"):
        yield from _adresse(donnees.get(nom), nom)
    base = donnees.get("isBasedOn")
    yield from _liste([base] if isinstance(base, str) else base, "isBasedOn", _adresse)
    for nom in ("applicationSuite", "softwareVersion", "logo", "monochromeLogo", "organizationUri"):
        yield from _texte(donnees.get(nom), nom, maximum=2000)
    yield from _jour(donnees.get("releaseDate"), "releaseDate")
    yield from _choix(donnees.get("developmentStatus"), "developmentStatus", v.ETATS)
    yield from _choix(donnees.get("softwareType"), "softwareType", v.TYPES)


def _check_listes(donnees: dict[str, Any]) -> Anomalies:
    plateformes = donnees.get("platforms")
    liste = [plateformes] if isinstance(plateformes, str) else plateformes
    yield from _liste(liste, "platforms", _court, obligatoire=True)
    yield from _liste(donnees.get("categories"), "categories", _mot(v.CATEGORIES))
    for nom in ("usedBy", "inputTypes", "outputTypes"):
        yield from _liste(donnees.get(nom), nom, _court)
    yield from _liste(donnees.get("fundedBy"), "fundedBy", _personne("uri"))
    public = _section(donnees, "intendedAudience", obligatoire=False)
    if public is None:
        yield _manque("intendedAudience")
        return
    pays = _motif(PAYS, "code de pays à deux lettres attendu, « fr ».")
    for nom in ("countries", "unsupportedCountries"):
        yield from _liste(public.get(nom), f"intendedAudience/{nom}", pays)
    yield from _liste(public.get("scope"), "intendedAudience/scope", _mot(v.DOMAINES))


def _check_description(donnees: dict[str, Any]) -> Anomalies:
    langues = _section(donnees, "description", obligatoire=True)
    if langues is None:
        yield _manque("description")
        return
    for langue, bloc in langues.items():
        lieu = f"description/{langue}"
        if not LANGUE.match(str(langue)):
            yield Anomalie(lieu, "langue", "Code de langue attendu, « fr » ou « en ».")
        if isinstance(bloc, dict):
            yield from _check_langue(bloc, lieu)
        else:
            yield _manque(lieu)


def _check_langue(bloc: dict[str, Any], lieu: str) -> Anomalies:
    yield from _texte(bloc.get("localisedName"), f"{lieu}/localisedName")
    yield from _texte(bloc.get("genericName"), f"{lieu}/genericName", maximum=GENERIQUE_MAX)
    courte = bloc.get("shortDescription")
    yield from _texte(courte, f"{lieu}/shortDescription", obligatoire=True, maximum=COURTE_MAX)
    longue = bloc.get("longDescription")
    manque = list(_texte(longue, f"{lieu}/longDescription", obligatoire=True, maximum=LONGUE_MAX))
    yield from manque
    if not manque and len(str(longue).strip()) < LONGUE_MIN:
        taille = f"{len(str(longue).strip())} signes. Il en faut {LONGUE_MIN} au moins."
        yield Anomalie(f"{lieu}/longDescription", "longueur", taille)
    yield from _liste(bloc.get("features"), f"{lieu}/features", _court, obligatoire=True)
    for nom in ("documentation", "apiDocumentation"):
        yield from _adresse(bloc.get(nom), f"{lieu}/{nom}")
    for nom in ("screenshots", "awards"):
        yield from _liste(bloc.get(nom), f"{lieu}/{nom}", _court)
    yield from _liste(bloc.get("videos"), f"{lieu}/videos", _adresse)
    for cle in sorted(map(str, set(bloc) - v.CLES_DE_LANGUE)):
        yield _inconnue(f"{lieu}/{cle}")


def _check_legal(donnees: dict[str, Any]) -> Anomalies:
    legal = _section(donnees, "legal", obligatoire=True)
    if legal is None:
        yield _manque("legal")
        return
    licence = legal.get("license")
    manque = list(_texte(licence, "legal/license", obligatoire=True))
    yield from manque or _check_licence(str(licence))
    for nom in ("mainCopyrightOwner", "repoOwner", "authorsFile"):
        yield from _texte(legal.get(nom), f"legal/{nom}")


def _check_licence(expression: str) -> Anomalies:
    """Une expression SPDX : des identifiants, AND, OR, WITH et des parenthèses qui se ferment."""
    if not is_expression(expression):
        yield Anomalie("legal/license", "licence", f"« {expression[:60]} » n’est pas une expression"
                       " SPDX. Exemples : MIT, EUPL-1.2, AGPL-3.0-or-later.")  # fmt: skip
        return
    for mot in re.findall(r"[^\s()]+", re.sub(r"WITH\s+\S+", "", expression)):
        if mot not in {"AND", "OR"} and mot.removesuffix("+") not in v.LICENCES:
            phrase = f"« {mot} » : vérifiez cet identifiant SPDX."
            yield Anomalie("legal/license", "licence", phrase, Gravite.CONSEIL)


def is_expression(expression: str) -> bool:
    """Vrai pour une expression SPDX bien formée ; ne dit pas si les licences existent."""
    mots = re.findall(r"[()]|[^\s()]+", expression)
    ouvertes, attend_licence = 0, True
    for rang, mot in enumerate(mots):
        if mot == "(" and attend_licence:
            ouvertes += 1
        elif mot == ")" and not attend_licence and ouvertes:
            ouvertes -= 1
        elif mot in {"AND", "OR", "WITH"} and not attend_licence:
            attend_licence = True
        elif attend_licence and LICENCE.match(mot) and mot not in {"AND", "OR", "WITH"}:
            attend_licence = False
        else:
            return False
        if rang > 60:
            return False
    return not attend_licence and ouvertes == 0


def _check_maintenance(donnees: dict[str, Any]) -> Anomalies:
    maintenance = _section(donnees, "maintenance", obligatoire=True)
    if maintenance is None:
        yield _manque("maintenance")
        return
    sorte = maintenance.get("type")
    yield from _choix(sorte, "maintenance/type", v.MAINTENANCES)
    yield from _liste(maintenance.get("contractors"), "maintenance/contractors", _contractant,
                      obligatoire=sorte == "contract")  # fmt: skip
    yield from _liste(maintenance.get("contacts"), "maintenance/contacts", _personne("affiliation"),
                      obligatoire=sorte in {"internal", "community"})  # fmt: skip


def _personne(autre: str) -> Callable[[Any, str], Anomalies]:
    def check(valeur: Any, lieu: str) -> Anomalies:
        if not isinstance(valeur, dict):
            yield Anomalie(lieu, "forme", "Des clés sont attendues : au moins « name ».")
            return
        yield from _texte(valeur.get("name"), f"{lieu}/name", obligatoire=True)
        yield from _courriel(valeur.get("email"), f"{lieu}/email")
        for nom in (autre, "phone"):
            yield from _texte(valeur.get(nom), f"{lieu}/{nom}", maximum=2000)

    return check


def _contractant(valeur: Any, lieu: str) -> Anomalies:
    yield from _personne("affiliation")(valeur, lieu)
    if isinstance(valeur, dict):
        yield from _jour(valeur.get("until"), f"{lieu}/until", obligatoire=True)
        yield from _adresse(valeur.get("website"), f"{lieu}/website")


def _courriel(valeur: Any, lieu: str) -> Anomalies:
    manque = list(_texte(valeur, lieu))
    yield from manque
    if not manque and valeur and not COURRIEL.match(valeur):
        yield Anomalie(lieu, "courriel", "Adresse de courriel mal formée.")


def _check_langues(donnees: dict[str, Any]) -> Anomalies:
    bloc = _section(donnees, "localisation", obligatoire=True)
    if bloc is None:
        yield _manque("localisation")
        return
    if not isinstance(bloc.get("localisationReady"), bool):
        yield Anomalie("localisation/localisationReady", "forme", "Écrivez true ou false.")
    langue = _motif(LANGUE, "code de langue attendu, « fr ».")
    yield from _liste(bloc.get("availableLanguages"), "localisation/availableLanguages", langue,
                      obligatoire=True)  # fmt: skip


def _check_reste(donnees: dict[str, Any]) -> Anomalies:
    depend = _section(donnees, "dependsOn", obligatoire=False)
    if depend is None:
        yield _manque("dependsOn")
        return
    for nom in ("open", "proprietary", "hardware"):
        yield from _liste(depend.get(nom), f"dependsOn/{nom}", _dependance)
    organisation = donnees.get("organisation")
    if organisation is not None:
        yield from _personne("uri")(organisation, "organisation")


def _dependance(valeur: Any, lieu: str) -> Anomalies:
    if not isinstance(valeur, dict):
        yield Anomalie(lieu, "forme", "Des clés sont attendues : au moins « name ».")
        return
    yield from _texte(valeur.get("name"), f"{lieu}/name", obligatoire=True)
    for nom in ("version", "versionMin", "versionMax"):
        yield from _texte(valeur.get(nom), f"{lieu}/{nom}")
    if not isinstance(valeur.get("optional", False), bool):
        yield Anomalie(f"{lieu}/optional", "forme", "Écrivez true ou false.")


def _check_inconnues(donnees: dict[str, Any]) -> Anomalies:
    for cle in sorted(map(str, set(donnees) - v.CLES)):
        yield _inconnue(cle)
    for nom, cles in v.CLES_DE_SECTION.items():
        bloc = donnees.get(nom)
        if isinstance(bloc, dict):
            for cle in sorted(map(str, set(bloc) - cles)):
                yield _inconnue(f"{nom}/{cle}")


def _inconnue(lieu: str) -> Anomalie:
    return Anomalie(lieu[:200], "inconnue", "Clé absente de la norme : vérifiez son orthographe.",
                    Gravite.CONSEIL)  # fmt: skip

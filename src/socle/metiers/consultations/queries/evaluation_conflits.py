"""Les conflits d’intérêts que les tables montrent : qui siège, qui répond, qui est cité."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from socle.fondations.commun.locataire import operateur
from socle.fondations.comptes.models import Adhesion, Compte
from socle.fondations.referentiels.models import Autorite, normalize_nom
from socle.metiers.consultations.enums import OrigineDeport
from socle.metiers.consultations.models import Jure, Reponse

NOM_MIN = 5  # « Eu » ou « Sens » se liraient partout
CHIFFRES = re.compile(r"(?<!\d)(\d[\d  ]{7,20}\d)(?!\d)")
CLE = re.compile(r"\b(?:commune|epci|departement|region|com)-[0-9A-Z]{2,9}\b")


@dataclass(frozen=True, slots=True)
class Attaches:
    """À quoi un membre du jury est attaché : les collectivités dont il est agent."""

    cles: frozenset[str] = frozenset()
    sirens: frozenset[str] = frozenset()
    noms: frozenset[str] = frozenset()
    epcis: frozenset[str] = frozenset()  # SIREN des EPCI dont il est agent
    departements: frozenset[str] = frozenset()  # départements dont il est agent
    groupements: frozenset[str] = frozenset()  # SIREN des EPCI de ses communes


@dataclass(slots=True)
class Territoires:
    """Collectivités qui répondent, lues d’un coup : leur EPCI et leur département."""

    par_cle: dict[str, Autorite] = field(default_factory=dict)


def read_attaches(compte: Compte, organisation: str = "") -> Attaches:
    """Lit les collectivités de ce compte, toutes : la base les cloisonne d’ordinaire."""
    with operateur():
        adhesions = Adhesion.objects.filter(compte=compte).select_related("collectivite")
        siennes = {a.collectivite for a in adhesions.order_by("pk")}
    sirens = {c.siren for c in siennes if c.siren}
    codes = {f"{c.genre}-{c.code_cog}" for c in siennes if c.code_cog}
    connues = list(Autorite.objects.filter(Q(siren__in=sirens) | Q(cle__in=codes)).order_by("cle"))
    noms = {c.nom for c in siennes} | {organisation} | {a.nom for a in connues}
    return Attaches(
        cles=frozenset(a.cle for a in connues),
        sirens=frozenset(sirens),
        noms=frozenset(n for nom in noms if len(n := normalize_nom(nom)) >= NOM_MIN),
        epcis=frozenset(a.siren for a in connues if a.genre == "epci"),
        departements=frozenset(a.code for a in connues if a.genre == "departement"),
        groupements=frozenset(a.epci for a in connues if a.epci),
    )


def read_territoires(reponses: Iterable[Reponse]) -> Territoires:
    """Lit les collectivités de ces réponses, en une instruction."""
    cles = {reponse.autorite for reponse in reponses if reponse.autorite}
    return Territoires(Autorite.objects.in_bulk(cles))


def find_conflit(
    attaches: Attaches, reponse: Reponse, territoires: Territoires
) -> tuple[OrigineDeport, str] | None:
    """Rend le conflit d’un membre avec un dossier, le plus fort d’abord, et ce qui le montre."""
    autorite = territoires.par_cle.get(reponse.autorite)
    siren = autorite.siren if autorite else ""
    if reponse.autorite in attaches.cles or siren in attaches.sirens:
        return OrigineDeport.AUTORITE, reponse.nom_autorite or reponse.autorite
    if autorite is not None and (lien := _find_territoire(attaches, autorite, reponse)):
        return OrigineDeport.TERRITOIRE, lien
    if cite := _find_cite(attaches, reponse):
        return OrigineDeport.PARTENAIRE, cite
    return None


def _find_territoire(attaches: Attaches, autorite: Autorite, reponse: Reponse) -> str:
    if autorite.genre == "epci" and autorite.siren in attaches.groupements:
        return "Sa commune est membre de l’intercommunalité qui répond."
    if autorite.epci and autorite.epci in attaches.epcis:
        return "Son intercommunalité est celle du projet."
    departement = autorite.departement or reponse.departement
    if departement and departement in attaches.departements:
        return "Son département est celui du projet."
    return ""


def _find_cite(attaches: Attaches, reponse: Reponse) -> str:
    """Ce que le dossier nomme : un SIREN, un SIRET, une clé ou un nom de collectivité."""
    texte = " \n ".join(iter_textes(reponse.reponses))[:200_000]
    nombres = {re.sub(r"\D", "", suite)[:9] for suite in CHIFFRES.findall(texte)}
    if nombres & attaches.sirens:
        return "Le SIREN de sa collectivité est dans le dossier."
    if set(CLE.findall(texte)) & attaches.cles:
        return "Sa collectivité est citée dans le dossier."
    mots = f" {normalize_nom(texte)} "
    nom = next((nom for nom in sorted(attaches.noms) if f" {nom} " in mots), "")
    return "Son organisation est citée dans le dossier." if nom else ""


def iter_textes(valeur: Any, profondeur: int = 0) -> Iterator[str]:
    """Parcourt les textes d’une réponse, six niveaux au plus."""
    if isinstance(valeur, str):
        yield valeur
    elif isinstance(valeur, dict | list) and profondeur < 6:
        for element in valeur.values() if isinstance(valeur, dict) else valeur:
            yield from iter_textes(element, profondeur + 1)


def map_conflits(jure: Jure, reponses: list[Reponse]) -> dict[int, tuple[OrigineDeport, str]]:
    """Rend, par dossier, le conflit de ce membre ; quatre instructions en tout."""
    attaches, territoires = (
        read_attaches(jure.compte, jure.organisation),
        read_territoires(reponses),
    )
    conflits = ((r.pk, find_conflit(attaches, r, territoires)) for r in reponses)
    return {pk: conflit for pk, conflit in conflits if conflit}

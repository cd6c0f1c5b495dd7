"""Essayer chaque connecteur et chaque service voisin : réseau borné, hors transaction.

Trois temps : lire les réglages (base), essayer tout à la fois (réseau), rendre une phrase et ce
qu’il faut faire. Aucun essai ne lit la donnée d’une personne.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from socle.fondations.administration.enums import Niveau
from socle.fondations.administration.ports import emplois_de_sources
from socle.fondations.administration.services.voisins import ESSAIS_VOISINS, VoisinAbsent
from socle.fondations.collectivites.models import Branchement, Collectivite
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import FournisseurIdentite
from socle.fondations.comptes.ports import profils
from socle.fondations.comptes.queries import list_fournisseurs
from socle.fondations.comptes.services.fournisseurs import build_fournisseur
from socle.fondations.formulaires.ports import etablissements, sources

PORT_SOURCES = "source_donnees"
DELAI_ECHANGE = 4.0  # secondes, pour chaque échange avec un fournisseur d’identité
DELAI_PAGE = 12.0  # secondes, pour tous les essais d’une page
DELAI_COMMANDE = 60.0
FILS = 8
NOMS_MAX = 5
PATIENCE = (
    "Une panne passe souvent d’elle-même : réessayez dans quelques minutes. Sinon, vérifiez"
    " l’adresse et que ce serveur peut sortir sur Internet."
)
REMEDE_IDENTITE = (
    "Comparez avec l’espace du fournisseur : identifiant, secret, adresse de retour, périmètres."
    " Qui exploite l’installation les règle par « gerer fournisseur »."
)
DEFAUT = "Le connecteur a un défaut : il n’a pas pu être essayé."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sonde:
    """Un essai à faire. `essai` parle au réseau et rend une phrase, ou lève.

    Attributes:
        collectivites: celles qui s’en servent ; vide pour toute l’installation.
        remede: ce qu’il faut faire si les réglages sont en cause ; sinon, patienter.
        employe: faux si rien ne s’en sert : il n’est pas essayé.
    """

    code: str
    nom: str
    essai: Callable[[], str]
    remede: str
    collectivites: tuple[str, ...] = ()
    employe: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EtatConnecteur:
    """Résultat d’un essai. `suite` dit ce qu’il faut faire ; vide quand tout va bien."""

    code: str
    nom: str
    niveau: str
    message: str
    suite: str = ""
    collectivites: tuple[str, ...] = ()

    @property
    def etat(self) -> Niveau:
        return Niveau(self.niveau)

    @property
    def portee(self) -> str:
        """« Toute l’installation », ou les collectivités qui s’en servent, cinq au plus."""
        if not self.collectivites:
            return "Toute l’installation"
        montrees = ", ".join(self.collectivites[:NOMS_MAX])
        reste = len(self.collectivites) - NOMS_MAX
        return f"{montrees} et {reste} de plus" if reste > 0 else montrees

    def to_dict(self) -> dict[str, Any]:
        """Forme JSON, pour la commande et pour le cache."""
        return asdict(self)

    @classmethod
    def from_dict(cls, valeurs: dict[str, Any]) -> "EtatConnecteur":
        return cls(**valeurs | {"collectivites": tuple(valeurs["collectivites"])})


def list_sondes() -> list[Sonde]:
    """Lit ce qui est à essayer dans toute l’installation, services voisins compris."""
    with operateur():
        noms = dict(Collectivite.objects.filter(active=True).values_list("pk", "nom"))
        lignes = FournisseurIdentite.objects.filter(actif=True).select_related("collectivite")
        fournisseurs = list(lignes.order_by("collectivite_id", "ordre", "code"))
        branchements = _read_branchements(Branchement.objects.filter(collectivite__active=True))
        emplois = _read_emplois()
    ouverts = [f for f in fournisseurs if f.collectivite_id is None or f.collectivite_id in noms]
    return [
        *(_build_identite(ligne) for ligne in ouverts),
        *_iter_sources(noms, branchements, emplois),
        *_iter_annuaires(),
        *(_build_voisin(code) for code in ESSAIS_VOISINS),
    ]


def list_sondes_ici(collectivite: Collectivite) -> list[Sonde]:
    """Lit ce dont une collectivité se sert : connexion, données de l’État, annuaire."""
    with locataire(collectivite.pk):
        fournisseurs = [
            ligne for genre in GenreCompte for ligne in list_fournisseurs(collectivite, genre)
        ]
        propres = Branchement.objects.filter(collectivite=collectivite)
        branchements, emplois = _read_branchements(propres), _read_emplois()
        identites = [_build_identite(ligne, collectivite) for ligne in fournisseurs]
    noms = {collectivite.pk: collectivite.nom}
    return [*identites, *_iter_sources(noms, branchements, emplois), *_iter_annuaires()]


def run_sondes(sondes: Sequence[Sonde], *, delai: float) -> list[EtatConnecteur]:
    """Fait les essais, huit à la fois, et rend un état par sonde, dans l’ordre.

    À appeler hors transaction. `delai` : secondes pour le tout ; ce qui n’a pas répondu à temps
    est dit en panne, ce qui n’a pas pu commencer est dit non essayé.
    """
    file: SimpleQueue[int] = SimpleQueue()
    for rang, sonde in enumerate(sondes):
        if sonde.employe:
            file.put(rang)
    etats: dict[int, EtatConnecteur] = {}
    commences: set[int] = set()
    fin = time.monotonic() + delai

    def work() -> None:
        while time.monotonic() < fin:
            try:
                rang = file.get_nowait()
            except Empty:
                return
            commences.add(rang)
            etats[rang] = _try(sondes[rang])

    # Des fils démons : un nom qui ne se résout pas ne retient ni la page, ni la commande.
    fils = [Thread(target=work, daemon=True) for _ in range(min(FILS, len(sondes)))]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(max(0.0, fin - time.monotonic()))
    faits = dict(etats)  # un fil en retard ne change plus rien
    return [
        faits.get(rang) or _explain_absence(sonde, rang in commences, delai)
        for rang, sonde in enumerate(sondes)
    ]


def _try(sonde: Sonde) -> EtatConnecteur:
    try:
        message = sonde.essai()
    except VoisinAbsent as absence:
        return _describe(sonde, Niveau.ATTENTION, str(absence), absence.suite)
    except SystemeIndisponible as panne:
        return _describe(sonde, Niveau.PANNE, str(panne), PATIENCE)
    except ErreurConnecteur as refus:
        return _describe(sonde, Niveau.PANNE, str(refus), sonde.remede)
    except Exception:  # noqa: BLE001  un défaut ne cache pas l’état des autres
        return _describe(sonde, Niveau.PANNE, DEFAUT, "Signalez-le avec le journal du service.")
    return _describe(sonde, Niveau.BIEN, message)


def _explain_absence(sonde: Sonde, commence: bool, delai: float) -> EtatConnecteur:
    if not sonde.employe:
        return _describe(sonde, Niveau.INACTIF, "Aucune démarche publiée ne s’en sert.")
    if commence:
        message = f"Aucune réponse en {delai:.0f} secondes."
        return _describe(sonde, Niveau.PANNE, message, PATIENCE)
    return _describe(sonde, Niveau.ATTENTION, "Pas essayé, faute de temps.", "Essayez de nouveau.")


def _describe(sonde: Sonde, niveau: Niveau, message: str, suite: str = "") -> EtatConnecteur:
    return EtatConnecteur(
        code=sonde.code,
        nom=sonde.nom,
        niveau=niveau.value,
        message=message,
        suite=suite,
        collectivites=sonde.collectivites,
    )


# Fournisseurs d’identité ------------------------------------------------------------------------
def _build_identite(ligne: FournisseurIdentite, ici: Collectivite | None = None) -> Sonde:
    """Sonde d’un fournisseur ; la ligne est déchiffrée ici, l’essai ne lit plus la base."""
    propre = ici if ligne.collectivite_id and ici else ligne.collectivite
    return Sonde(
        code=ligne.code,
        nom=ligne.nom,
        essai=_prepare_identite(ligne, propre),
        remede=REMEDE_IDENTITE,
        collectivites=(propre.nom,) if propre else (),
    )


def _prepare_identite(
    ligne: FournisseurIdentite, collectivite: Collectivite | None
) -> Callable[[], str]:
    if ligne.profil not in profils:
        return partial(_refuse, f"Le profil « {ligne.profil} » n’existe pas ici.")
    try:
        fournisseur = replace(build_fournisseur(ligne, collectivite), delai=DELAI_ECHANGE)
    except ErreurConnecteur as refus:
        return partial(_refuse, f"Réglage refusé : {refus}.")
    return partial(profils[ligne.profil].check, fournisseur)


def _refuse(message: str) -> str:
    raise ErreurConnecteur(message)


# Données de l’État ------------------------------------------------------------------------------
Branchements = dict[str, dict[int, dict[str, Any]]]


def _read_branchements(lignes: Any) -> Branchements:
    """Paramètres par code de source, puis par collectivité."""
    par_code: Branchements = {}
    for ligne in lignes.filter(port=PORT_SOURCES, actif=True).order_by("pk"):
        parametres = json.loads(str(ligne.parametres))
        par_code.setdefault(ligne.code, {})[ligne.collectivite_id] = parametres
    return par_code


def _read_emplois() -> dict[str, set[int]]:
    """Collectivités dont une démarche publiée appelle chaque source."""
    reunis: dict[str, set[int]] = {}
    for nom in emplois_de_sources:
        for code, collectivites in emplois_de_sources[nom]().items():
            reunis.setdefault(code, set()).update(collectivites)
    return reunis


def _iter_sources(
    noms: Mapping[int, str], branchements: Branchements, emplois: Mapping[str, set[int]]
) -> Iterator[Sonde]:
    """Une sonde par service et par réglages : deux sources d’un même service n’en font qu’une."""
    reglages: dict[tuple[str, str], tuple[Any, dict[str, Any], set[int]]] = {}
    for code in sources:
        source = sources[code]
        if not hasattr(source, "check") or getattr(source, "factice", False):
            continue
        branches = branchements.get(code, {})
        employeurs = (emplois.get(code, set()) | branches.keys()) & noms.keys()
        nom = getattr(source, "systeme", source.titre)
        reglages.setdefault((nom, ""), (source, {}, set()))
        for pk in sorted(employeurs):
            parametres = branches.get(pk, {})
            cle = (nom, json.dumps(parametres, sort_keys=True) if parametres else "")
            reglages.setdefault(cle, (source, parametres, set()))[2].add(pk)
    servis = {nom for (nom, _), (_, _, employeurs) in reglages.items() if employeurs}
    for (nom, _), (source, parametres, employeurs) in sorted(reglages.items(), key=_read_nom):
        if employeurs or nom not in servis:
            yield Sonde(
                code=source.code,
                nom=nom,
                essai=partial(source.check, parametres),
                remede=getattr(source, "remede", PATIENCE),
                collectivites=_list_noms(noms, employeurs),
                employe=bool(employeurs),
            )


def _read_nom(paire: tuple[tuple[str, str], Any]) -> tuple[str, str]:
    return paire[0]


def _list_noms(noms: Mapping[int, str], employeurs: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(noms[pk] for pk in employeurs))


def _iter_annuaires() -> Iterator[Sonde]:
    for code in etablissements:
        annuaire = etablissements[code]
        if hasattr(annuaire, "check") and not getattr(annuaire, "factice", False):
            yield Sonde(
                code=code,
                nom=getattr(annuaire, "systeme", code),
                essai=annuaire.check,
                remede=getattr(annuaire, "remede", PATIENCE),
            )


# Services voisins -------------------------------------------------------------------------------
def _build_voisin(code: str) -> Sonde:
    nom, remede, essai = ESSAIS_VOISINS[code]
    return Sonde(code=code, nom=nom, essai=essai, remede=remede)

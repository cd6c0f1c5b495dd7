"""Lectures des collectivités. La fiche publique est gardée quelques secondes en mémoire."""

import json
import time
from typing import Any

from django.db.models import Q, QuerySet

from socle.fondations.collectivites.models import (
    Branchement,
    Collectivite,
    Reglage,
    Service,
    build_slug,
)
from socle.fondations.referentiels.models import Autorite
from socle.fondations.referentiels.queries import (
    Profil,
    describe_autorite,
    find_autorite,
    get_autorite,
)

# Adresse courte de la fiche qui porte les documents et les courriels du programme commun.
PROGRAMME = "programme"
DUREE_CACHE = 20.0  # secondes : une couleur changée apparaît partout en moins de temps
TAILLE_CACHE = 5000
_cache: dict[tuple[str, str], tuple[float, Collectivite | None]] = {}


def find_collectivite(*, slug: str = "", hote: str = "") -> Collectivite | None:
    """Trouve une collectivité active, ou le programme, par son adresse courte ou son hôte."""
    cle = ("slug", slug) if slug else ("hote", hote)
    garde = _cache.get(cle)
    if garde and time.monotonic() - garde[0] < DUREE_CACHE:
        return garde[1]
    trouvee = Collectivite.objects.filter(Q(active=True) | Q(slug=PROGRAMME), **dict([cle])).first()
    if len(_cache) >= TAILLE_CACHE:
        _cache.clear()
    _cache[cle] = (time.monotonic(), trouvee)
    return trouvee


def clear_cache() -> None:
    """Oublie les fiches gardées dans ce processus (après une modification)."""
    _cache.clear()


def list_collectivites() -> QuerySet[Collectivite]:
    return Collectivite.objects.filter(active=True).order_by("nom", "pk")


def search_collectivites(texte: str, *, actives: bool = True) -> QuerySet[Collectivite]:
    """Cherche par nom, code Insee ou SIREN ; tout, si le texte est vide. Pas encore triées."""
    collectivites = Collectivite.objects.exclude(slug=PROGRAMME)
    if actives:
        collectivites = collectivites.filter(active=True)
    nom = build_slug(texte)
    if not nom:
        return collectivites.all()
    return collectivites.filter(
        Q(slug__contains=nom) | Q(code_cog=texte.strip()) | Q(siren=texte.replace(" ", ""))
    )


def list_services(collectivite: Collectivite) -> QuerySet[Service]:
    return Service.objects.filter(collectivite=collectivite, actif=True).order_by("nom")


def get_reglage(collectivite: Collectivite, cle: str, defaut: Any = None) -> Any:
    """Rend la valeur d’un réglage, ou `defaut` si la collectivité n’en a pas."""
    valeurs = Reglage.objects.filter(collectivite=collectivite, cle=cle).values_list(
        "valeur", flat=True
    )
    return next(iter(valeurs[:1]), defaut)


def get_branchement(collectivite: Collectivite, port: str, code: str) -> dict[str, Any] | None:
    """Rend les paramètres d’un branchement actif, ou None."""
    branchement = Branchement.objects.filter(
        collectivite=collectivite, port=port, code=code, actif=True
    ).first()
    return json.loads(str(branchement.parametres)) if branchement else None


def find_autorite_de(collectivite: Collectivite) -> Autorite | None:
    """Rend sa ligne du code officiel géographique, ou None (syndicat) ; deux lectures au plus."""
    return find_autorite(collectivite.siren) or get_autorite(
        f"{collectivite.genre}-{collectivite.code_cog}"
    )


def find_autorite_sure(collectivite: Collectivite) -> Autorite | None:
    """La même, si rien ne la contredit : un autre SIREN que celui du code officiel l’écarte.

    À prendre dès que la réponse ouvre un droit, et non pour dire ce qui peut concerner.
    """
    trouvee = find_autorite_de(collectivite)
    return trouvee if trouvee and trouvee.siren in ("", collectivite.siren) else None


def describe_collectivite(collectivite: Collectivite) -> Profil:
    """Rend le profil d’une collectivité de l’installation ; deux instructions SQL au plus."""
    autorite = find_autorite_de(collectivite)
    if autorite is not None:
        return describe_autorite(autorite)
    return Profil(
        "", collectivite.nom, collectivite.genre, collectivite.population,
        collectivite.departement, "",
    )  # fmt: skip


def find_de_autorite(cle: str, siren: str = "") -> Collectivite | None:
    """Rend la collectivité de l’installation qui est cette autorité : son SIREN, ou sa clé."""
    genre, _, code = cle.partition("-")
    siennes = Q(siren=siren) if siren else Q(genre=genre, code_cog=code)
    return Collectivite.objects.filter(siennes, active=True).order_by("pk").first()

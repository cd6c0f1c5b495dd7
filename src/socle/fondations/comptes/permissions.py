"""Qui peut quoi : les rôles sont vérifiés sur le serveur, à chaque requête.

Un rôle donné pour un service ne vaut que pour ce dont ce service a la charge. Sans service nommé,
une question porte donc sur toute la collectivité : qui oublie d’y penser ferme, il n’ouvre pas.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.commun.lectures import Lecture, Parametre
from socle.fondations.comptes.enums import GenreCompte, Role, RoleProgramme
from socle.fondations.comptes.models import Adhesion, Compte, MembreOperateur, MembreProgramme

Vue = Callable[..., HttpResponseBase]
ADHESIONS = Lecture(
    lambda: Adhesion.objects.filter(
        compte=Parametre("compte"), collectivite=Parametre("collectivite")
    ).only("role", "service_id")
)


@dataclass(frozen=True, slots=True)
class Portee:
    """Ce que des rôles couvrent : rien, ce dont des services ont la charge, ou tout.

    Attributes:
        entiere: l’un de ces rôles est donné pour tous les services.
        services: clés des services nommés ; sans effet si `entiere`.
    """

    entiere: bool = False
    services: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.entiere or bool(self.services)

    def __or__(self, autre: "Portee") -> "Portee":
        return Portee(self.entiere or autre.entiere, self.services | autre.services)

    def covers(self, service_id: int | None) -> bool:
        """Vrai pour une chose de ce service ; None (aucun service) demande tous les services."""
        return self.entiere or service_id in self.services

    def filter(self, champ: str) -> Q:
        """Rend le critère SQL ; `champ` mène au service en charge (« demarche__service »)."""
        return Q() if self.entiere else Q(**{f"{champ}__in": sorted(self.services)})


AUCUNE = Portee()


def read_portee(compte: Compte, collectivite: Collectivite, *roles: Role) -> Portee:
    """Rend ce que ces rôles couvrent ensemble, pour cet agent, dans cette collectivité."""
    portees = _read_portees(compte, collectivite)
    couverte = AUCUNE
    for role in roles:
        couverte |= portees.get(role, AUCUNE)
    return couverte


def has_role(
    compte: Compte, collectivite: Collectivite, *roles: Role, service: int | None = None
) -> bool:
    """Vrai pour un agent actif qui a l’un de ces rôles dans cette collectivité.

    `Role.OPERATEUR` est celui d’un agent de l’opérateur : il vaut dans toute l’installation.

    Args:
        service: clé du service en charge de ce dont il s’agit. None : cela regarde toute la
            collectivité, et un rôle donné pour un service n’y suffit pas.
    """
    if read_portee(compte, collectivite, *roles).covers(service):
        return True
    return Role.OPERATEUR in roles and is_operateur(compte)


def can_open(compte: Compte, collectivite: Collectivite, vue: Vue) -> bool:
    """Vrai si les rôles de l’agent ouvrent cette vue, que `role_requis` ferme."""
    if getattr(vue, "par_service", False):
        return bool(read_portee(compte, collectivite, *vue.roles))  # type: ignore[attr-defined]
    return has_role(compte, collectivite, *vue.roles)  # type: ignore[attr-defined]


def list_roles(compte: Compte, collectivite: Collectivite) -> set[str]:
    """Rend les rôles de l’agent ici, fût-ce pour un seul service."""
    return set(_read_portees(compte, collectivite))


def _read_portees(compte: Compte, collectivite: Collectivite) -> dict[str, Portee]:
    """Rend ce que couvre chaque rôle ; lus une fois par requête, gardés sur le compte."""
    if not (compte.is_authenticated and compte.is_agent and compte.is_active):
        return {}
    garde: dict[int, dict[str, Portee]] = compte.__dict__.setdefault("_roles", {})
    if collectivite.pk not in garde:
        portees: dict[str, Portee] = {}
        for lue in ADHESIONS.fetch(compte=compte.pk, collectivite=collectivite.pk):
            service = lue.service_id
            sienne = (
                Portee(entiere=True) if service is None else Portee(services=frozenset({service}))
            )
            portees[lue.role] = portees.get(lue.role, AUCUNE) | sienne
        garde[collectivite.pk] = portees
    return garde[collectivite.pk]


def is_operateur(compte: Compte) -> bool:
    """Vrai pour un agent actif de l’opérateur ; lu une fois par requête, gardé sur le compte."""
    if not (compte.is_authenticated and compte.is_agent and compte.is_active):
        return False
    if "_operateur" not in compte.__dict__:
        compte.__dict__["_operateur"] = MembreOperateur.objects.filter(compte=compte).exists()
    return bool(compte.__dict__["_operateur"])


def operateur_requis(vue: Vue) -> Vue:
    """Ferme une vue à qui n’est pas un agent de l’opérateur."""

    @wraps(vue)
    def check(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not is_operateur(request.user):  # type: ignore[arg-type]
            raise AccesRefuse(suite="Cette page est réservée aux agents de l’opérateur.")
        return vue(request, *args, **kwargs)

    check.roles = (Role.OPERATEUR,)  # type: ignore[attr-defined]
    return check


def list_roles_programme(compte: Compte) -> set[str]:
    """Rend les rôles de l’agent dans le programme commun ; lus une fois par requête."""
    if not (compte.is_authenticated and compte.is_agent and compte.is_active):
        return set()
    if "_programme" not in compte.__dict__:
        lignes = MembreProgramme.objects.filter(compte=compte).order_by("role")
        compte.__dict__["_programme"] = set(lignes.values_list("role", flat=True))
    roles: set[str] = compte.__dict__["_programme"]
    return roles


def programme_requis(*roles: RoleProgramme) -> Callable[[Vue], Vue]:
    """Ferme une vue de l’installation à qui n’a pas l’un de ces rôles dans le programme."""

    def decorate(vue: Vue) -> Vue:
        @wraps(vue)
        def check(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not list_roles_programme(request.user) & set(roles):  # type: ignore[arg-type]
                qui = " ou ".join(f"« {RoleProgramme(role).label} »" for role in roles)
                raise AccesRefuse(suite=f"Cette page demande le rôle {qui} du programme.")
            return vue(request, *args, **kwargs)

        check.roles = roles  # type: ignore[attr-defined]
        return check

    return decorate


def genre_requis(genre: GenreCompte) -> Callable[[Vue], Vue]:
    """Ferme une vue à l’autre genre de compte : usagers et agents ne se mêlent jamais."""

    def decorate(vue: Vue) -> Vue:
        @wraps(vue)
        def check(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if getattr(request.user, "genre", "") != genre:
                raise AccesRefuse(suite="Déconnectez-vous, puis connectez-vous du bon côté.")
            return vue(request, *args, **kwargs)

        return check

    return decorate


def _advise(compte: Compte, collectivite: Collectivite | None, roles: tuple[Role, ...]) -> str:
    """Ce que peut faire un agent refusé ; vide pour la suite usuelle.

    Un administrateur n’a pas à se demander son rôle à lui-même.
    """
    if collectivite is None:
        return ""
    if has_role(compte, collectivite, Role.ADMINISTRATEUR):
        return (
            "Vous administrez cette collectivité, mais cette page demande un autre rôle. Il se"
            " donne dans « Réglages », « Agents et rôles »."
        )
    if read_portee(compte, collectivite, *roles):
        return (
            "Votre rôle ne vaut que pour un service, et cette page regarde toute la collectivité."
            " Demandez-la à un administrateur de la collectivité."
        )
    return ""


def role_requis(*roles: Role, par_service: bool = False) -> Callable[[Vue], Vue]:
    """Ferme une vue d’agent aux autres rôles (403, avec la suite à donner).

    Args:
        par_service: un rôle donné pour un service suffit à entrer. La vue borne alors elle-même ce
            qu’elle montre et ce qu’elle fait (`read_portee`, `has_role(service=…)`).
    """

    def decorate(vue: Vue) -> Vue:
        @wraps(vue)
        def check(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            collectivite = request.collectivite  # type: ignore[attr-defined]
            if collectivite is None or not can_open(request.user, collectivite, check):  # type: ignore[arg-type]
                raise AccesRefuse(suite=_advise(request.user, collectivite, roles))  # type: ignore[arg-type]
            return vue(request, *args, **kwargs)

        return mark_roles(check, *roles, par_service=par_service)

    return decorate


def mark_roles(vue: Vue, *roles: Role, par_service: bool = False) -> Vue:
    """Dit quels rôles ouvrent une vue qui les vérifie elle-même (navigation, page des droits)."""
    vue.roles, vue.par_service = roles, par_service  # type: ignore[attr-defined]
    return vue

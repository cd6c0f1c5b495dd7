"""Qui peut quoi : les rôles sont vérifiés sur le serveur, à chaque requête."""

from collections.abc import Callable
from functools import wraps

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
    ).only("role")
)


def has_role(compte: Compte, collectivite: Collectivite, *roles: Role) -> bool:
    """Vrai pour un agent actif qui a l’un de ces rôles dans cette collectivité.

    `Role.OPERATEUR` est celui d’un agent de l’opérateur : il vaut dans toute l’installation.
    """
    if any(role in roles for role in list_roles(compte, collectivite)):
        return True
    return Role.OPERATEUR in roles and is_operateur(compte)


def list_roles(compte: Compte, collectivite: Collectivite) -> set[str]:
    """Rend les rôles de l’agent ici ; lus une fois par requête, gardés sur le compte."""
    if not (compte.is_authenticated and compte.is_agent and compte.is_active):
        return set()
    garde: dict[int, set[str]] = compte.__dict__.setdefault("_roles", {})
    if collectivite.pk not in garde:
        adhesions = ADHESIONS.fetch(compte=compte.pk, collectivite=collectivite.pk)
        garde[collectivite.pk] = {adhesion.role for adhesion in adhesions}
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


def _advise(compte: Compte, collectivite: Collectivite | None) -> str:
    """Ce que peut faire un agent refusé ; vide pour la suite usuelle.

    Un administrateur n’a pas à se demander son rôle à lui-même.
    """
    if collectivite is None or not has_role(compte, collectivite, Role.ADMINISTRATEUR):
        return ""
    return (
        "Vous administrez cette collectivité, mais cette page demande un autre rôle. Il se donne"
        " dans « Réglages », « Agents et rôles »."
    )


def role_requis(*roles: Role) -> Callable[[Vue], Vue]:
    """Ferme une vue d’agent aux autres rôles (403, avec la suite à donner)."""

    def decorate(vue: Vue) -> Vue:
        @wraps(vue)
        def check(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            collectivite = request.collectivite  # type: ignore[attr-defined]
            if collectivite is None or not has_role(request.user, collectivite, *roles):  # type: ignore[arg-type]
                raise AccesRefuse(suite=_advise(request.user, collectivite))  # type: ignore[arg-type]
            return vue(request, *args, **kwargs)

        check.roles = roles  # type: ignore[attr-defined]
        return check

    return decorate

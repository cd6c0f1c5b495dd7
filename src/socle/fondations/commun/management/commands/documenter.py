"""Écrit les pages de référence que l’on peut lire dans le code : droits, connecteurs, tables."""

import importlib
import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

AVERTISSEMENT = "Page écrite par `./socle gerer documenter` : ne la modifiez pas à la main."
ROLES = ("socle.fondations.comptes.enums.Role",)
ROLES_INSTALLATION = (*ROLES, "socle.fondations.comptes.enums.RoleProgramme")
# Inscrit au bac à sable et pendant les essais seulement : la page serait différente ailleurs.
FACTICE = "socle.connecteurs.factice"
REGISTRES: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Sources de données",
        "socle.fondations.formulaires.ports.sources",
        (("Ce qui est demandé", "titre"), ("À qui", "organisme"), ("Pour quoi", "finalite")),
    ),
    ("Annuaires des établissements", "socle.fondations.formulaires.ports.etablissements", ()),
    (
        "Fournisseurs d’identité",
        "socle.fondations.comptes.ports.profils",
        (("Nom", "nom"), ("Pour", "genre")),
    ),
    ("Horodatage par un tiers", "socle.fondations.journal.ports.horodateurs", ()),
    (
        "Types de champ",
        "socle.fondations.formulaires.types.types",
        (("Nom dans l’éditeur", "nom"), ("Nature", "nature")),
    ),
    (
        "Messages",
        "socle.fondations.notifications.ports.modeles",
        (("Message", "titre"), ("Quand il part", "quand"), ("Obligatoire", "obligatoire")),
    ),
)
TOUS, CONNECTE, AGENT, USAGER = "tous", "connecté", "agent", "usager"


class Command(BaseCommand):
    help = "Écrit docs/reference/droits.md, connecteurs.md et modele.md depuis le code."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--verifier", action="store_true", help="n’écrit rien, échoue si une page est périmée"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Écrit les pages, ou les compare.

        Raises:
            CommandError: `--verifier` et une page ne dit plus ce que fait le code.
        """
        dossier = Path(settings.RACINE) / "docs" / "reference"
        perimees = [nom for nom, texte in build_pages().items() if is_perimee(dossier / nom, texte)]
        if options["verifier"]:
            if perimees:
                raise CommandError(
                    f"Pages périmées : {', '.join(perimees)}. Lancez ./socle gerer documenter."
                )
            return
        for nom in perimees:
            (dossier / nom).write_text(build_pages()[nom], encoding="utf-8")
        self.stdout.write(f"Pages écrites : {', '.join(perimees) or 'aucune, tout est à jour'}.")


def build_pages() -> dict[str, str]:
    """Rend le texte de chaque page, par nom de fichier."""
    fabriques: dict[str, Callable[[], Iterator[str]]] = {
        "droits.md": write_droits,
        "connecteurs.md": write_connecteurs,
        "modele.md": write_modele,
    }
    return {nom: "\n".join(fabrique()).rstrip() + "\n" for nom, fabrique in fabriques.items()}


def is_perimee(fichier: Path, texte: str) -> bool:
    """Dit si le fichier manque ou ne dit plus la même chose."""
    return not fichier.exists() or fichier.read_text(encoding="utf-8") != texte


# --- Droits


def write_droits() -> Iterator[str]:
    """Écrit la table adresse × rôle des deux jeux d’adresses."""
    yield from (
        "# Droits : chaque adresse, chaque rôle",
        "",
        AVERTISSEMENT,
        "",
        "● : la porte de cette adresse s’ouvre. La vue vérifie ensuite l’objet demandé : un usager"
        " ne lit que ses dossiers, un agent que ceux de sa collectivité, et un document suit les"
        " droits de ce qu’il accompagne. « Tous » comprend qui n’a pas de compte ; plusieurs de ces"
        " adresses demandent alors un jeton (brouillon d’un invité, invitation, désabonnement).",
        "",
        "◐ : un rôle donné pour un seul service ouvre aussi cette porte, et la vue ne montre et ne"
        " change alors que ce dont ce service a la charge. Avec ●, le rôle doit être donné pour"
        " tous les services.",
        "",
    )
    yield from write_adresses("Dans une collectivité", settings.URLCONF_COLLECTIVITE, ROLES)
    yield from write_adresses(
        "Au niveau de l’installation", settings.ROOT_URLCONF, ROLES_INSTALLATION
    )


def write_adresses(titre: str, urlconf: str, enums: tuple[str, ...]) -> Iterator[str]:
    """Écrit la table d’un jeu d’adresses, dans l’ordre des adresses."""
    roles = [role for chemin in enums for role in import_string(chemin)]
    entetes = ["Adresse", "Ce qu’on y fait", "Tous", "Usager", *(role.value for role in roles)]
    yield from (f"## {titre}", "", format_ligne(entetes), format_ligne(["---"] * len(entetes)))
    for adresse, motif in sorted(list_adresses(urlconf), key=lambda paire: paire[0]):
        vue = motif.callback
        admis = read_admis(adresse, vue)
        marques = [
            admis == TOUS,
            admis in {TOUS, CONNECTE, USAGER},
            *(is_role_admis(admis, role) for role in roles),
        ]
        signe = "◐" if getattr(vue, "par_service", False) else "●"
        cellules = [signe if marque else "" for marque in marques]
        yield format_ligne([f"`{adresse}`", read_resume(motif), *cellules])
    yield ""


def list_adresses(urlconf: str) -> Iterator[tuple[str, URLPattern]]:
    """Rend chaque adresse lisible et son motif."""

    def walk(motifs: list[Any], prefixe: str) -> Iterator[tuple[str, URLPattern]]:
        for motif in motifs:
            adresse = prefixe + clean_motif(str(motif.pattern))
            if isinstance(motif, URLResolver):
                yield from walk(motif.url_patterns, adresse)
            elif isinstance(motif, URLPattern):
                yield adresse, motif

    yield from walk(get_resolver(urlconf).url_patterns, "/")


def clean_motif(motif: str) -> str:
    """Rend un motif d’adresse lisible : « <int:numero> » devient « <numero> »."""
    lisible = re.sub(r"\(\?P(<\w+>)(?:[^()]|\([^()]*\))*\)", r"\1", motif)
    return re.sub(r"<\w+:", "<", lisible).replace("\\", "").strip("^$")


def read_admis(adresse: str, vue: Any) -> str | tuple[str, ...]:
    """Dit à qui s’ouvre une adresse : tous, un genre de compte, ou une suite de rôles."""
    if not getattr(vue, "login_required", True):
        return TOUS
    if getattr(vue, "roles", ()):
        return tuple(vue.roles)
    # Le middleware des comptes ferme ces chemins à l’autre genre de compte.
    if adresse.startswith(("/agent/", "/operateur/", "/equipe/", "/editeur/")):
        return AGENT
    return USAGER if adresse.startswith("/espace/") else CONNECTE


def is_role_admis(admis: str | tuple[str, ...], role: Any) -> bool:
    """Dit si un agent qui a ce rôle passe la porte."""
    return admis in {TOUS, CONNECTE, AGENT} or (isinstance(admis, tuple) and role in admis)


def read_resume(motif: URLPattern) -> str:
    """Rend la première ligne de ce que dit la vue, sinon le nom de l’adresse."""
    phrase = cleandoc(motif.callback.__doc__ or "").partition("\n")[0]
    if not phrase or phrase.startswith("Vue de django-allauth"):
        return f"`{motif.name}`"
    return phrase


# --- Connecteurs


def write_connecteurs() -> Iterator[str]:
    """Écrit ce que chaque registre contient, puis la notice de chaque connecteur."""
    yield from (
        "# Connecteurs et registres",
        "",
        AVERTISSEMENT,
        "",
        "Un registre est la seule façon d’étendre Socle : une application déclare un port, une"
        " autre y inscrit son implémentation au démarrage.",
        "",
    )
    for titre, chemin, colonnes in REGISTRES:
        yield from write_registre(titre, chemin, colonnes)
    yield from ("## Notices des connecteurs", "")
    for app in list_apps("socle.connecteurs."):
        yield from (f"### `{app.name}`", "", *cleandoc(app.module.__doc__ or "").splitlines(), "")


def write_registre(titre: str, chemin: str, colonnes: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Écrit la table d’un registre."""
    module, _, nom = chemin.rpartition(".")
    registre = getattr(importlib.import_module(module), nom)
    inscrits = [code for code in registre if not is_factice(registre[code])]
    yield from (f"## {titre}", "", f"Registre `{chemin}`.", "")
    if not inscrits:
        yield from ("Rien d’inscrit aujourd’hui.", "")
        return
    entetes = ["Code", *(entete for entete, _ in colonnes)] if colonnes else ["Code", "Fourni par"]
    yield from (format_ligne(entetes), format_ligne(["---"] * len(entetes)))
    for code in inscrits:
        objet = registre[code]
        valeurs = [format_valeur(getattr(objet, attribut)) for _, attribut in colonnes]
        yield format_ligne([f"`{code}`", *(valeurs or [f"`{type(objet).__module__}`"])])
    yield ""


def is_factice(objet: Any) -> bool:
    """Dit si une implémentation n’existe que pour la démonstration et les essais."""
    return type(objet).__module__.startswith(FACTICE)


def format_valeur(valeur: Any) -> str:
    """Rend une valeur lisible."""
    return ("oui" if valeur else "non") if isinstance(valeur, bool) else str(valeur)


# --- Modèle


def write_modele() -> Iterator[str]:
    """Écrit les tables de chaque application et leurs champs."""
    yield from (
        "# Modèle de données",
        "",
        AVERTISSEMENT,
        "",
        "« Par collectivité » : la sécurité par ligne ne montre que les lignes de la collectivité"
        " ouverte. Les mots sont définis dans le [glossaire](../glossaire.md).",
        "",
    )
    for app in list_apps("socle."):
        tables = list(app.get_models())
        if tables:
            yield from (f"## {app.label}", "")
        for modele in tables:
            yield from write_table(modele)


def write_table(modele: type[models.Model]) -> Iterator[str]:
    """Écrit une table : portée, phrase de définition, champs."""
    meta = modele._meta
    champs = list(meta.concrete_fields)
    locataire = any(champ.column == "collectivite_id" for champ in champs)
    portee = ", par collectivité" if locataire else ""
    yield from (f"### {modele.__name__}", "", f"Table `{meta.db_table}`{portee}.", "")
    phrase = cleandoc(modele.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
    if phrase and not phrase.startswith(f"{modele.__name__}("):
        yield from (phrase, "")
    entetes = ["Champ", "Type", "Vide", "Sens"]
    yield from (format_ligne(entetes), format_ligne(["---"] * len(entetes)))
    for champ in champs:
        yield format_ligne(describe_champ(champ))
    yield ""


def describe_champ(champ: Any) -> list[str]:
    """Rend nom, type, facultatif ou non, et sens d’un champ."""
    type_ = type(champ).__name__
    if champ.is_relation:
        type_ += f" → {champ.related_model._meta.label}"
    elif champ.max_length:
        type_ += f" ({champ.max_length})"
    sens = champ.help_text or (
        champ.verbose_name if champ.verbose_name != champ.name.replace("_", " ") else ""
    )
    return [f"`{champ.name}`", type_, "oui" if champ.null else "", str(sens)]


def list_apps(prefixe: str) -> list[AppConfig]:
    """Rend les applications du produit, par ordre de chargement ; la démonstration n’en est pas."""
    return [
        app
        for app in apps.get_app_configs()
        if app.name.startswith(prefixe) and not app.name.startswith("socle.serveur.")
    ]


def format_ligne(cellules: list[str]) -> str:
    """Rend une ligne de tableau Markdown."""
    return "| " + " | ".join(str(cellule).replace("|", "\\|") for cellule in cellules) + " |"

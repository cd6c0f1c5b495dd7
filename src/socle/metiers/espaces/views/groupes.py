"""Lire les groupes : la liste, la page d’un groupe, un sujet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.publique import page_publique
from socle.metiers.espaces.enums import GenreSujet
from socle.metiers.espaces.forms.groupes import CommentaireForm, VersionForm
from socle.metiers.espaces.models import GroupeDeTravail, MembreDeGroupe, Sujet
from socle.metiers.espaces.permissions import can_create_groupe, check_lecture, find_membre
from socle.metiers.espaces.queries import groupes as lectures
from socle.metiers.espaces.views.commun import get_groupe, get_sujet

PAR_SORTE = 10


@page_publique
def liste(request: HttpRequest) -> HttpResponse:
    """Les groupes, leur but et leur taille ; pour un agent, les siens et ses invitations."""
    compte: Any = request.user
    agent = compte.is_authenticated and compte.is_agent
    texte = request.GET.get("q", "")[:100]
    contexte = {
        "groupes": lectures.list_groupes(texte=texte),
        "q": texte,
        "trouves": lectures.search_sujets(compte, texte) if agent else [],
        "miens": lectures.list_mes_groupes(compte) if agent else set(),
        "invitations": lectures.list_invitations(compte) if agent else [],
        "peut_ouvrir": agent and can_create_groupe(compte),
    }
    return render(request, "espaces/groupes/liste.html", contexte)


@page_publique
def groupe(request: HttpRequest, slug: str) -> HttpResponse:
    """Présentation pour tous ; la suite pour qui a le droit de lire."""
    trouve = get_groupe(slug)
    compte: Any = request.user
    agent = compte.is_authenticated and compte.is_agent
    membre = find_membre(trouve, compte)
    peut_lire = membre is not None or (agent and trouve.is_public)
    contexte: dict[str, Any] = {
        "groupe": trouve,
        "but": render_texte(trouve.but),
        "membre": membre,
        "est_agent": agent,
        "peut_lire": peut_lire,
        "organisations": lectures.list_organisations(trouve),
        "entree": lectures.find_entree(trouve, compte) if agent and membre is None else None,
        "liens": list(map_fiches(trouve.liens).values()),
        "rappels": list_rappels(trouve.cle),
    }
    if peut_lire:
        contexte |= describe_contenu(trouve, membre, request.GET.get("q", "")[:100])
    return render(request, "espaces/groupes/groupe.html", contexte)


def describe_contenu(
    trouve: GroupeDeTravail, membre: MembreDeGroupe | None, texte: str
) -> dict[str, Any]:
    """Les sujets par genre, ou ceux que trouve la recherche ; les tâches aux membres."""
    sujets = list(lectures.list_sujets(trouve, texte=texte))
    sortes = [(genre, [s for s in sujets if s.genre == genre]) for genre in GenreSujet]
    return {
        "q": texte,
        "sortes": sortes,
        "nombre_trouves": len(sujets),
        "taches": lectures.list_taches(trouve, faites=False)[:PAR_SORTE] if membre else [],
    }


@require_safe
def sujet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Un sujet, ses versions et ses commentaires."""
    trouve = get_groupe(slug)
    membre = check_lecture(trouve, request.user)  # type: ignore[arg-type]
    lu = get_sujet(trouve, pk)
    contexte = {**describe_sujet(lu, membre), "form": CommentaireForm()}
    return render(request, "espaces/groupes/sujet.html", contexte)


def describe_sujet(lu: Sujet, membre: MembreDeGroupe | None) -> dict[str, Any]:
    """Ce que montre la page d’un sujet."""
    commentaires = lectures.list_commentaires(lu)
    return {
        "groupe": lu.groupe,
        "sujet": lu,
        "membre": membre,
        "peut_ecrire": membre is not None and not lu.groupe.is_archive,
        "peut_retenir": lu.is_question and membre is not None and not lu.groupe.is_archive
        and (lu.auteur_id == membre.pk or membre.is_animateur),
        "texte": render_texte(lu.texte),
        "commentaires": [(c, render_texte(c.texte, niveau=4)) for c in commentaires],
        "versions": lectures.list_versions(lu) if lu.is_document else [],
        "version_form": VersionForm(),
    }  # fmt: skip

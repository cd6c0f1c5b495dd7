"""Liste des dossiers d’un agent : files, filtres, recherche, pages par clé."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from socle.fondations.commun.pagination import paginate_keyset
from socle.fondations.commun.presentation import Compteur
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import list_demarches
from socle.metiers.dossiers.enums import TERMINES, EtatDossier
from socle.metiers.dossiers.forms import FILES, FiltreDossiers
from socle.metiers.dossiers.permissions import LECTEURS
from socle.metiers.dossiers.queries.liste import Filtre, count_par_etat, list_dossiers
from socle.metiers.dossiers.views.presentation import (
    JOURS_URGENTS,
    PARIS,
    describe_action,
    describe_etat,
    is_urgente,
)

TAILLE = 25
TAILLES = (25, 50, 100)
OUVERTS = (EtatDossier.EN_CONSTRUCTION, EtatDossier.EN_INSTRUCTION)


@role_requis(*LECTEURS)
@require_safe
@vary_on_headers("HX-Request")
def liste(request: HttpRequest) -> HttpResponse:
    """Dossiers déposés de la collectivité ; sans filtre, ceux qui attendent un agent."""
    demarches = list(list_demarches(request.collectivite))
    formulaire = FiltreDossiers(request.GET, demarches=demarches)
    criteres = formulaire.cleaned_data if formulaire.is_valid() else {}
    aujourdhui = timezone.now().astimezone(PARIS).date()
    file = criteres.get("file") or ("tous" if criteres.get("q") else "a_traiter")
    filtre = build_filtre(file, criteres, request.user.pk, aujourdhui)
    page = paginate_keyset(
        list_dossiers(request.collectivite, filtre),
        cles=("depose_le", "numero"),
        apres=request.GET.get("apres", ""),
        taille=read_taille(request),
    )
    totaux = count_par_etat(request.collectivite, criteres.get("demarche"))
    contexte = {
        "formulaire": formulaire,
        "file": FILES[file],
        "lignes": [present_ligne(ligne, aujourdhui) for ligne in page.lignes],
        "colonnes": read_colonnes(demarches, criteres.get("demarche")),
        "suivante": build_suite(request, page.suivante),
        "compteurs": build_compteurs(totaux, file, request),
    }
    gabarit = "dossiers/agent/liste.html"
    return render(request, f"{gabarit}#resultats" if request.htmx else gabarit, contexte)


def build_filtre(file: str, criteres: dict[str, Any], agent_id: int, aujourdhui: date) -> Filtre:
    """Traduit une file (« à traiter », « chez l’usager »…) en critères."""
    communs = {"demarche_id": criteres.get("demarche"), "texte": criteres.get("q", "")}
    files: dict[str, dict[str, Any]] = {
        "a_traiter": {"etats": OUVERTS, "attend_agent": True},
        "bientot": {
            "etats": OUVERTS,
            "echeance_avant": aujourdhui + timedelta(days=JOURS_URGENTS + 1),
        },
        "chez_usager": {"etats": OUVERTS, "attend_usager": True},
        "suivis": {"etats": OUVERTS, "suivi_par_id": agent_id},
        "termines": {"etats": TERMINES},
        "tous": {},
    }
    return Filtre(**communs, **files[file])


def read_taille(request: HttpRequest) -> int:
    taille = request.GET.get("taille", "")
    return int(taille) if taille in map(str, TAILLES) else TAILLE


def read_colonnes(demarches: list[Demarche], demarche_id: int | None) -> list[dict[str, str]]:
    """Rend les colonnes choisies par l’administrateur, quand une seule démarche est montrée."""
    return next((d.colonnes for d in demarches if d.pk == demarche_id), [])


def present_ligne(ligne: dict[str, Any], aujourdhui: date) -> dict[str, Any]:
    suivi = f"{ligne['suivi_par__prenom'] or ''} {ligne['suivi_par__nom'] or ''}".strip()
    return ligne | {
        "etat_affiche": describe_etat(ligne["etat"], attend_correction=ligne["attend_correction"]),
        "action": describe_action(ligne),
        "urgente": ligne["etat"] in OUVERTS and is_urgente(ligne["echeance"], aujourdhui),
        "suivi": suivi,
    }


def build_suite(request: HttpRequest, jeton: str) -> str:
    if not jeton:
        return ""
    parametres = request.GET.copy()
    parametres["apres"] = jeton
    return f"?{parametres.urlencode()}"


def build_compteurs(totaux: dict[str, int], file: str, request: HttpRequest) -> list[Compteur]:
    """Rend les files et leur nombre, lus dans la table de compteurs."""
    deposes = totaux.get(EtatDossier.EN_CONSTRUCTION, 0)
    instruits = totaux.get(EtatDossier.EN_INSTRUCTION, 0)
    termines = sum(totaux.get(etat, 0) for etat in TERMINES)
    nombres = [
        ("a_traiter", deposes + instruits, "Ouverts"),
        ("tous", deposes, "Déposés"),
        ("suivis", instruits, "En instruction"),
        ("termines", termines, "Terminés"),
    ]
    return [
        Compteur(nombre=nombre, libelle=libelle, url=f"?file={code}", courant=code == file)
        for code, nombre, libelle in nombres
    ]

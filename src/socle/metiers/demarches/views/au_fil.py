"""Enregistrer au fil de la saisie : ce que reçoit le script, qui ne remplace que le nécessaire.

La page envoie tout son formulaire. La réponse est l’état à lire (« Enregistré à 14 h 32 »), la
marque d’où partira l’envoi suivant, et les seuls champs dont l’erreur est apparue, a changé ou a
disparu : le reste de la page, que la personne remplit encore, ne bouge pas. Une saisie fausse
n’est ni enregistrée ni perdue. Un conflit rend la page entière, ses deux versions, et n’enregistre
plus tout seul : choisir est un geste.
"""

import secrets
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

GABARIT = "demarches/agent/_enregistre.html"
FAUTES_MAX = 200
PAGE_ENTIERE = {
    "HX-Retarget": "#reglages",
    "HX-Reselect": "#reglages > *",
    "HX-Reswap": "innerHTML",
}


def is_au_fil(request: HttpRequest) -> bool:
    """Vrai si le script enregistre ; faux si la personne a pressé un bouton."""
    return "au_fil" in request.GET


def read_onglet(request: HttpRequest) -> str:
    """Rend le nom que la page s’est vu donner ; vide, elle ne se suit pas elle-même."""
    lu = request.POST.get("onglet", "")
    return lu if lu.isalnum() and len(lu) <= 32 else ""


def prepare(request: HttpRequest, formulaire: forms.Form) -> dict[str, Any]:
    """Fait enregistrer cette page au fil de la saisie ; rend ce que lit son gabarit."""
    formulaire.au_fil = "page"  # type: ignore[attr-defined]
    return {"onglet": read_onglet(request) or secrets.token_hex(8)}


def show_page(
    request: HttpRequest, gabarit: str, contexte: dict[str, Any], statut: int
) -> HttpResponse:
    """Rend la page entière ; le script y met le foyer sur ce qui reste à choisir."""
    contexte["fautes"] = list_fautes(contexte["formulaire"])
    if not is_au_fil(request):
        return render(request, gabarit, contexte, status=statut)
    reponse = render(request, gabarit, contexte, status=422)
    for nom, valeur in PAGE_ENTIERE.items():
        reponse[nom] = valeur
    return reponse


def answer(
    request: HttpRequest,
    formulaire: forms.Form,
    marque: Mapping[str, Any] | None = None,
    *,
    refus: str = "",
    **contexte: Any,
) -> HttpResponse:
    """Dit ce qui est enregistré, ou pourquoi rien ne l’est.

    Args:
        marque: révision ou empreinte d’où part l’envoi suivant ; None si rien n’a été écrit.
        refus: ce qui empêche d’enregistrer, si ce n’est pas une erreur d’un champ.
    """
    fautes = list_fautes(formulaire)
    changes = {*request.POST.getlist("_fautes")[:FAUTES_MAX]} ^ {*fautes}
    noms = {faute.partition(":")[0] for faute in changes}
    formulaire.au_fil = "reponse"  # type: ignore[attr-defined]
    contexte |= {
        "refus": refus or describe_refus(formulaire),
        "fautes": fautes,
        "changes": [champ for champ in formulaire.visible_fields() if champ.name in noms],
        "marque": marque or {},
        "enregistre_le": timezone.now(),
    }
    return render(request, GABARIT, contexte, status=422 if contexte["refus"] else 200)


def list_fautes(formulaire: forms.Form) -> list[str]:
    """Rend « champ:empreinte de son erreur » : la page le renvoie, et seul ce qui change bouge."""
    erreurs = formulaire.errors if formulaire.is_bound else {}
    return [f"{nom}:{crc32(str(textes).encode()):x}" for nom, textes in erreurs.items()]


def describe_refus(formulaire: forms.Form) -> str:
    """Rend en une phrase ce qui reste à reprendre ; vide si tout est bon.

    La raison se lit à côté du champ : cette phrase, toujours à l’écran, tient en une ligne.
    """
    faux = [champ for champ in formulaire.visible_fields() if champ.errors]
    phrases = [str(erreur) for erreur in formulaire.non_field_errors()]
    if len(faux) == 1:
        phrases.append(f"« {faux[0].label} » est à reprendre.")
    elif faux:
        phrases.append(f"{len(faux)} réponses sont à reprendre.")
    return " ".join(phrases)

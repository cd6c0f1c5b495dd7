"""Rend à la personne ce qu’elle avait écrit quand son envoi est refusé."""

import re

from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException

TEXTES_MAX = 30
CARACTERES_MAX = 20_000
LONGUEUR_MIN = 12  # en dessous, recopier coûte moins que retrouver
SECRETS = re.compile(
    r"mot_?de_?passe|password|passe|secret|code|jeton|token|csrf|otp", re.IGNORECASE
)
TECHNIQUE = re.compile(r"[0-9a-zA-Z_\-+/=.:]{12,}")  # jeton, identifiant, empreinte : un seul mot


def collect_saisie(request: HttpRequest) -> list[str]:
    """Réunit les textes du formulaire reçu, pour les montrer sur une page d’erreur.

    Ni mot de passe, ni jeton, ni réponse courte. Trente textes et 20 000 caractères au plus. Rien
    n’est renvoyé au serveur à la place de la personne : ce serait défaire la protection CSRF.
    """
    try:
        champs = list(request.POST.lists()) if request.method == "POST" else []
    except (MultiPartParserError, OSError, RawPostDataException):
        return []
    textes: list[str] = []
    reste = CARACTERES_MAX
    for nom, valeurs in champs:
        if SECRETS.search(nom):
            continue
        for valeur in valeurs:
            texte = valeur.strip()
            if len(texte) < LONGUEUR_MIN or len(texte) > reste or TECHNIQUE.fullmatch(texte):
                continue
            textes.append(texte)
            reste -= len(texte)
    return textes[:TEXTES_MAX]

"""Rendu en HTML : un gabarit par type (`templates/formulaires_types/`), les classes de la maison.

La vue pose le `<form novalidate>`, le jeton CSRF et le bouton « Continuer » ; ce paquet rend la
zone des champs, le résumé des erreurs et la place de l’étape. HTMX n’entre que par les adresses
de `ContexteRendu`.

    page = render_page(formulaire, "vous", reponses, maintenant=maintenant, saisie=saisie)
"""

from socle.fondations.formulaires.rendu.contexte import (
    ContexteRendu,
    LienChamp,
    PageRendue,
    make_id,
)
from socle.fondations.formulaires.rendu.page import render_page

__all__ = ["ContexteRendu", "LienChamp", "PageRendue", "make_id", "render_page"]

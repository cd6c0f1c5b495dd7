"""Rendu d’une étape entière : sa zone de champs, son résumé d’erreurs, sa place."""

from datetime import datetime

from django.utils.safestring import mark_safe

from socle.fondations.formulaires.moteur import FormulaireCompile, Saisie
from socle.fondations.formulaires.rendu.champs import RenduChamps
from socle.fondations.formulaires.rendu.contexte import ContexteRendu, PageRendue
from socle.fondations.formulaires.valeurs import Reponses


def render_page(
    formulaire: FormulaireCompile,
    page_id: str,
    reponses: Reponses,
    *,
    maintenant: datetime,
    saisie: Saisie | None = None,
    contexte: ContexteRendu | None = None,
) -> PageRendue:
    """Rend une page. `saisie` apporte les erreurs, les questions apparues et le bouton pressé.

    Raises:
        PageInconnue: la page n’existe pas ou est masquée.
    """
    etat = formulaire.evaluate(reponses, maintenant=maintenant)
    page = formulaire.get_page(page_id, etat)
    rendu = RenduChamps(formulaire, page, etat, saisie, contexte or ContexteRendu())
    zone = rendu.render_zone()
    erreurs = rendu.list_liens(saisie.erreurs) if saisie else []
    apparus = rendu.list_apparus()
    resume = ""
    if erreurs or apparus:
        resume = rendu.render("resume_erreurs.html", {"erreurs": erreurs, "apparus": apparus})
    pages = [compilee.id for compilee in etat.list_pages()]
    rang = pages.index(page.id)
    return PageRendue(
        id=page.id,
        titre=page.page.titre,
        description=page.page.description,
        rang=rang + 1,
        total=len(pages),
        resume=mark_safe(resume),  # noqa: S308 (sortie d’un gabarit)
        zone=zone,
        erreurs=erreurs,
        fichiers=rendu.fichiers,
        precedente=pages[rang - 1] if rang else "",
        suivante=pages[rang + 1] if rang + 1 < len(pages) else "",
    )

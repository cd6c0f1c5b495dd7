"""L’état et l’avancement d’une action ne bougent qu’avec une preuve."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from socle.metiers.pilotage.enums import EtatAction, GenreChangement
from socle.metiers.pilotage.errors import PreuveManquante, RienNeChange
from socle.metiers.pilotage.models import Action, Preuve, Recommandation
from socle.metiers.pilotage.services.edition import Auteur, get_compte, lock_objet, write_histoire


@transaction.atomic
def record_avancement(
    *,
    fiche: Action | Recommandation,
    etat: EtatAction,
    avancement: int | None,
    date_constat: date,
    revision: int,
    par: Auteur,
    maintenant: datetime,
    texte: str = "",
    adresse: str = "",
    lien: str = "",
) -> Preuve:
    """Note où en est une action ou une recommandation, et ce qui le montre.

    Args:
        avancement: 0 à 100, ou None si rien ne permet de le dire.
        texte, adresse, lien: la preuve ; au moins l’un des trois.

    Raises:
        PreuveManquante: ni texte, ni adresse, ni clé.
        RienNeChange: même état, même avancement, et aucun texte.
        ModifieEntreTemps: quelqu’un a enregistré la fiche depuis.
    """
    if not (texte.strip() or adresse or lien):
        raise PreuveManquante
    fiche = lock_objet(fiche, revision)
    if (fiche.etat, fiche.avancement) == (etat, avancement) and not texte.strip():
        raise RienNeChange
    preuve = Preuve.objects.create(
        cible=fiche.cle,
        etat_avant=fiche.etat,
        etat=etat,
        avancement_avant=fiche.avancement,
        avancement=avancement,
        texte=texte.strip(),
        adresse=adresse,
        lien=lien,
        date_constat=date_constat,
        par=get_compte(par),
        par_nom=par.nom_affiche,
    )
    changes: dict[str, list[Any]] = {
        "etat": [fiche.etat, str(etat)],
        "avancement": [fiche.avancement, avancement],
    }
    fiche.etat, fiche.avancement = etat, avancement
    fiche.revision += 1
    fiche.save(update_fields=["etat", "avancement", "revision", "modifie_le"])
    write_histoire(fiche, GenreChangement.AVANCE, par, maintenant, changes)
    return preuve

"""Emporter une démarche ailleurs : fichier JSON, copie dans la même collectivité.

Le fichier porte la fiche et le formulaire, jamais de dossier, de personne ni de document.
"""

import json
from copy import deepcopy
from datetime import datetime
from typing import Annotated, Literal

from django.db import transaction
from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.comptes.models import Compte
from socle.fondations.conservation.queries import find_regle
from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.definition.base import Modele
from socle.fondations.formulaires.textes import clean_ligne, clean_texte
from socle.metiers.demarches.enums import EvenementDeVie, Silence
from socle.metiers.demarches.errors import FichierIllisible
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import get_brouillon, get_chantier
from socle.metiers.demarches.services.demarche import create_demarche
from socle.metiers.demarches.services.modele import copy_modeles, drop_modeles, make_objet
from socle.normes.delais.echeances import ExceptionAuSilence

FORMAT = "socle.demarche"
TAILLE_MAX = 2_000_000
TEXTE_MAX = 20_000
TITRE_MAX = 150

Ligne = Annotated[str, StringConstraints(max_length=250), AfterValidator(clean_ligne)]
Courte = Annotated[str, StringConstraints(max_length=150), AfterValidator(clean_ligne)]
Long = Annotated[str, StringConstraints(max_length=TEXTE_MAX), AfterValidator(clean_texte)]


class FichePortable(Modele):
    """La part de la fiche qui a un sens ailleurs : ni adresse, ni service, ni état."""

    titre: Annotated[Courte, Field(min_length=1)]
    resume: Ligne = ""
    description: Long = ""
    a_prevoir: Long = ""
    public: Ligne = ""
    mots_cles: Ligne = ""
    evenement: EvenementDeVie = EvenementDeVie.AUTRE
    cadre_juridique: Long = ""
    invites_autorises: bool = False
    silence: Silence = Silence.ACCEPTATION
    silence_mois: Annotated[int, Field(ge=1, le=24)] = 2
    silence_exception: Literal[""] | ExceptionAuSilence = ""
    silence_source: Annotated[Ligne, StringConstraints(max_length=200)] = ""
    autorite: Courte = ""
    decision_acceptation: Long = ""
    decision_refus: Long = ""


class DemarchePortable(Modele):
    """Le fichier entier. `regle` est le code de la règle de conservation, s’il y en a une."""

    format: Literal["socle.demarche"]
    version: Literal[1] = 1
    fiche: FichePortable
    regle: Annotated[Courte, StringConstraints(max_length=40)] = ""
    formulaire: Formulaire


def export_demarche(demarche: Demarche) -> str:
    """Rend la démarche en JSON lisible : sa fiche, et son brouillon ou sa version publiée."""
    definition = deepcopy(get_chantier(demarche).definition)
    drop_modeles(definition)
    contenu = {
        "format": FORMAT,
        "version": 1,
        "fiche": {nom: getattr(demarche, nom) for nom in FichePortable.model_fields},
        "regle": demarche.regle.code if demarche.regle else "",
        "formulaire": definition,
    }
    return json.dumps(contenu, ensure_ascii=False, indent=2)


def import_demarche(
    *,
    collectivite: Collectivite,
    contenu: bytes,
    agent: Compte,
    maintenant: datetime,
    service: Service | None = None,
) -> tuple[Demarche, list[str]]:
    """Crée un brouillon depuis un fichier exporté.

    Args:
        service: celui qui répond, quand l’agent n’administre que le sien.

    Returns:
        La démarche, et ce qui reste à compléter ici, en phrases.

    Raises:
        FichierIllisible: fichier trop lourd, abîmé, ou qui n’est pas une démarche.
    """
    portable = _read(contenu)
    definition = portable.formulaire.model_dump(mode="json", exclude_defaults=True)
    manques = [f"Joignez à nouveau le modèle de « {nom} »." for nom in drop_modeles(definition)]
    regle = find_regle(collectivite, portable.regle) if portable.regle else None
    if portable.regle and regle is None:
        manques.append(
            f"La règle de conservation « {portable.regle} » n’existe pas ici : choisissez-en une."
        )
    demarche = create_demarche(
        collectivite=collectivite,
        agent=agent,
        maintenant=maintenant,
        definition=definition,
        regle=regle,
        service=service,
        **portable.fiche.model_dump(mode="json"),
    )
    return demarche, manques


def _read(contenu: bytes) -> DemarchePortable:
    if len(contenu) > TAILLE_MAX:
        raise FichierIllisible
    try:
        return DemarchePortable.model_validate(json.loads(contenu))
    except (ValueError, RecursionError) as cause:  # JSON, encodage et forme
        suite = _describe(cause) if isinstance(cause, ValidationError) else ""
        raise FichierIllisible(suite=suite) from cause


def _describe(cause: ValidationError) -> str:
    place = " › ".join(str(morceau) for morceau in cause.errors()[0]["loc"])
    return f"Le premier défaut est ici : {place[:200]}." if place else ""


@transaction.atomic
def duplicate_demarche(*, demarche: Demarche, agent: Compte, maintenant: datetime) -> Demarche:
    """Copie une démarche en brouillon : fiche, service, règle, formulaire et modèles à remplir."""
    fiche = {nom: getattr(demarche, nom) for nom in FichePortable.model_fields}
    suffixe = " (copie)"
    fiche["titre"] = f"{demarche.titre[: TITRE_MAX - len(suffixe)]}{suffixe}"
    definition = deepcopy(get_chantier(demarche).definition)
    copie = create_demarche(
        collectivite=demarche.collectivite,
        agent=agent,
        maintenant=maintenant,
        definition=definition,
        service=demarche.service,
        regle=demarche.regle,
        colonnes=demarche.colonnes,
        **fiche,
    )
    brouillon = get_brouillon(copie)
    if brouillon is not None:
        copy_modeles(
            definition,
            collectivite=demarche.collectivite,
            objet=make_objet(copie.pk),
            maintenant=maintenant,
        )
        brouillon.definition = definition
        brouillon.save(update_fields=["definition", "modifie_le"])
    return copie

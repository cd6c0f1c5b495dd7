"""Écritures : accueillir une collectivité, régler, brancher."""

import json
import re
import unicodedata
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from socle.fondations.collectivites.enums import GenreCollectivite, RegimePublication
from socle.fondations.collectivites.errors import CollectiviteDejaPresente
from socle.fondations.collectivites.models import (
    Branchement,
    Collectivite,
    Operateur,
    Regime,
    Reglage,
    Service,
)
from socle.fondations.collectivites.queries import clear_cache
from socle.fondations.commun.locataire import locataire

SEUIL_PUBLICATION_EN_LIGNE = 3500


def create_collectivite(
    *,
    nom: str,
    genre: GenreCollectivite,
    siren: str,
    aujourdhui: date,
    operateur: Operateur | None = None,
    slug: str = "",
    **fiche: Any,
) -> Collectivite:
    """Accueille une collectivité, avec son régime de publicité et son premier service.

    Sous 3 500 habitants une commune choisit par délibération ; sans choix, la publication est
    en ligne (CGCT, art. L. 2131-1, IV). Le régime posé ici est donc toujours « en ligne ».

    Args:
        fiche: autres champs de `Collectivite` (siret, code_cog, population, hote, couleur…).

    Raises:
        CollectiviteDejaPresente: même SIREN, même adresse courte ou même hôte.
    """
    try:
        with transaction.atomic():
            collectivite = Collectivite.objects.create(
                nom=nom, genre=genre, siren=siren, operateur=operateur,
                slug=slug or build_slug(nom), **fiche,
            )  # fmt: skip
            with locataire(collectivite.pk):
                Regime.objects.create(
                    collectivite=collectivite,
                    publication=RegimePublication.EN_LIGNE,
                    date_debut=aujourdhui,
                    source="CGCT, art. L. 2131-1, IV",
                )
                Service.objects.create(
                    collectivite=collectivite,
                    nom="Accueil",
                    courriel=collectivite.courriel,
                    telephone=collectivite.telephone,
                    adresse=collectivite.adresse,
                )
    except IntegrityError as cause:
        raise CollectiviteDejaPresente from cause
    clear_cache()
    return collectivite


def build_slug(nom: str) -> str:
    """Rend l’adresse courte d’un nom : « L’Haÿ-les-Roses » donne « l-hay-les-roses »."""
    ascii_ = unicodedata.normalize("NFKD", nom).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_.replace("'", "-").lower()).strip("-")


def set_reglage(*, collectivite: Collectivite, cle: str, valeur: Any) -> None:
    Reglage.objects.update_or_create(
        collectivite=collectivite, cle=cle, defaults={"valeur": valeur}
    )


def set_branchement(
    *, collectivite: Collectivite, port: str, code: str, parametres: dict[str, Any]
) -> Branchement:
    """Enregistre (chiffrés) les paramètres d’un connecteur."""
    branchement, _ = Branchement.objects.update_or_create(
        collectivite=collectivite,
        port=port,
        code=code,
        defaults={"parametres": json.dumps(parametres), "actif": True},
    )
    return branchement

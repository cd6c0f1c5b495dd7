"""Écritures : accueillir une collectivité, régler, brancher."""

import hashlib
import json
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from socle.fondations.collectivites.enums import GenreCollectivite, RegimePublication
from socle.fondations.collectivites.errors import (
    CollectiviteDejaPresente,
    LogoTropLourd,
    ServiceDejaPresent,
)
from socle.fondations.collectivites.models import (
    Branchement,
    Collectivite,
    Logo,
    Operateur,
    Regime,
    Reglage,
    Service,
    build_slug,
)
from socle.fondations.collectivites.queries import PROGRAMME, clear_cache
from socle.fondations.commun.images import measure_image
from socle.fondations.commun.locataire import locataire

SEUIL_PUBLICATION_EN_LIGNE = 3500
LOGO_MAX = 200_000  # octets


def get_programme() -> Collectivite:
    """Rend la fiche qui porte documents et courriels du programme commun ; créée au besoin.

    Une fiche de collectivité comme une autre pour la base (locataire, politiques), mais fermée : ni
    portail, ni agents, ni place dans les listes.
    """
    fiche, _ = Collectivite.objects.get_or_create(
        slug=PROGRAMME,
        defaults={
            "nom": "Programme commun",
            "genre": GenreCollectivite.ETABLISSEMENT,
            "siren": "000000000",
            "active": False,
        },
    )
    return fiche


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
    if (slug or build_slug(nom)) == PROGRAMME:
        raise CollectiviteDejaPresente
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


@transaction.atomic
def update_collectivite(*, collectivite: Collectivite, **fiche: Any) -> Collectivite:
    """Change la fiche d’une collectivité ; les pages la montrent en moins de vingt secondes.

    Raises:
        CollectiviteDejaPresente: adresse courte ou nom d’hôte d’une autre.
    """
    for champ, valeur in fiche.items():
        setattr(collectivite, champ, valeur)
    try:
        with transaction.atomic():
            collectivite.save(update_fields=[*fiche, "modifie_le"])
    except IntegrityError as cause:
        raise CollectiviteDejaPresente(
            "Une autre collectivité a déjà cette adresse.", "Choisissez-en une autre."
        ) from cause
    clear_cache()
    return collectivite


@transaction.atomic
def set_logo(*, collectivite: Collectivite, contenu: bytes) -> None:
    """Garde le logo, sans ses métadonnées (auteur, lieu de la photo). 200 ko au plus.

    Raises:
        ImageRefusee: ni PNG, ni JPEG, ni WebP.
        LogoTropLourd: plus de 200 ko.
    """
    if len(contenu) > LOGO_MAX:
        raise LogoTropLourd
    image = measure_image(contenu)
    Logo.objects.update_or_create(
        collectivite=collectivite,
        defaults={"contenu": image.contenu, "type_mime": image.type_mime},
    )
    empreinte = hashlib.sha256(image.contenu).hexdigest()[:16]
    update_collectivite(collectivite=collectivite, logo_empreinte=empreinte)


@transaction.atomic
def remove_logo(*, collectivite: Collectivite) -> None:
    Logo.objects.filter(collectivite=collectivite).delete()
    update_collectivite(collectivite=collectivite, logo_empreinte="")


def save_service(*, collectivite: Collectivite, service: Service | None, **fiche: Any) -> Service:
    """Crée ou change un service.

    Raises:
        ServiceDejaPresent: un autre service porte ce nom.
    """
    service = service or Service(collectivite=collectivite)
    for champ, valeur in fiche.items():
        setattr(service, champ, valeur)
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError as cause:
        raise ServiceDejaPresent from cause
    return service


def set_reglage(*, collectivite: Collectivite, cle: str, valeur: Any) -> None:
    Reglage.objects.update_or_create(
        collectivite=collectivite, cle=cle, defaults={"valeur": valeur}
    )


def lock_reglage(*, collectivite: Collectivite, cle: str, defaut: Any) -> Any:
    """Rend la valeur d’un réglage et la tient jusqu’à la fin de la transaction.

    Jamais réglé, il naît ici avec `defaut` : deux premières écritures s’attendent aussi.
    """
    reglages = Reglage.objects.select_for_update(of=["self"])
    reglage, _ = reglages.get_or_create(
        collectivite=collectivite, cle=cle, defaults={"valeur": defaut}
    )
    return reglage.valeur


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

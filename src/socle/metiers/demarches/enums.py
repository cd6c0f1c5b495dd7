from django.db import models

from socle.fondations.collectivites.enums import GenreCollectivite


class EtatDemarche(models.TextChoices):
    """États de Démarches Simplifiées (procedure.rb)."""

    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"
    CLOSE = "close", "Close"
    DEPUBLIEE = "depubliee", "Dépubliée"


class EtatVersion(models.TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    PUBLIEE = "publiee", "Publiée"


class Silence(models.TextChoices):
    """Ce que vaut le silence de l’administration (CRPA, art. L. 231-1 à L. 231-5)."""

    ACCEPTATION = "acceptation", "Le silence vaut acceptation"
    REJET = "rejet", "Le silence vaut refus"
    SANS_EFFET = "sans_effet", "Sans effet : ce n’est pas une demande au sens du code"


class EvenementDeVie(models.TextChoices):
    """Rubriques du portail, dans les mots des habitants."""

    ENFANT = "enfant", "J’attends ou j’élève un enfant"
    DEMENAGEMENT = "demenagement", "Je déménage"
    LOGEMENT = "logement", "Je construis ou je rénove"
    DECES = "deces", "Je perds un proche"
    ASSOCIATION = "association", "Je fais vivre une association"
    AGE = "age", "Je vieillis, j’accompagne un proche"
    PAPIERS = "papiers", "Je fais mes papiers"
    CADRE_DE_VIE = "cadre_de_vie", "Je signale, je participe"
    ENTREPRISE = "entreprise", "Je travaille, j’entreprends"
    AUTRE = "autre", "Autres démarches"


# Qui décide par défaut ; la fiche de la démarche nomme une autre autorité, ou « La maire ».
AUTORITES: dict[str, str] = {
    GenreCollectivite.COMMUNE: "Le maire",
    GenreCollectivite.EPCI: "Le président",
    GenreCollectivite.DEPARTEMENT: "Le président du conseil départemental",
    GenreCollectivite.REGION: "Le président du conseil régional",
    GenreCollectivite.SYNDICAT: "Le président",
    GenreCollectivite.ETABLISSEMENT: "Le président",
}


def choose_autorite(ecrite: str, genre: str) -> str:
    """Rend l’autorité qui décide : celle de la fiche, sinon celle de ce genre de collectivité.

    « Le maire » d’une démarche copiée d’une commune devient « Le président » dans un syndicat.
    """
    propre = ecrite.strip()
    defaut = AUTORITES.get(genre, AUTORITES[GenreCollectivite.COMMUNE])
    return defaut if not propre or propre in AUTORITES.values() else propre

"""Lecture d’un dossier et de ce qui l’entoure."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.models import Compte
from socle.fondations.formulaires.moteur import FormulaireCompile, compile_formulaire
from socle.metiers.demarches.enums import EtatDemarche, EtatVersion
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import (
    AppelSource,
    Consultation,
    Dossier,
    DossierDeLaPersonne,
    Evenement,
    Message,
    ReponseChangee,
)
from socle.metiers.dossiers.permissions import hash_jeton

CHAMPS_DU_FIL = ("fait", "instant", "auteur_nom", "detail", "document_id")


def find_dossier(
    collectivite: Collectivite, numero: int, *, verrou: bool = False
) -> Dossier | None:
    """Rend un dossier avec sa démarche et son service ; le formulaire est gardé en mémoire à part.

    Args:
        verrou: tient la ligne jusqu’à la fin de la transaction.
    """
    dossiers = _select(collectivite, numero)
    return (dossiers.select_for_update(of=["self"]) if verrou else dossiers).first()


def _select(collectivite: Collectivite, numero: int) -> QuerySet[Dossier]:
    return (
        Dossier.objects.filter(collectivite=collectivite, numero=numero)
        .select_related("demarche__service", "usager")
        .defer("recherche")
    )


def find_version_ouverte(collectivite: Collectivite, chemin: str) -> Version | None:
    """Rend, avec sa démarche, la version publiée que suit une nouvelle demande.

    Une lecture pour les deux ; la définition reste à part (cache).
    """
    return (
        Version.objects.filter(
            collectivite=collectivite, demarche__chemin=chemin, etat=EtatVersion.PUBLIEE
        )
        .exclude(demarche__etat=EtatDemarche.BROUILLON)
        .select_related("demarche__service")
        .defer("definition")
        .order_by("-numero")
        .first()
    )


def find_dossier_et_fil(collectivite: Collectivite, numero: int) -> Dossier | None:
    """Rend un dossier, son fil, et ce qui existe autour, en une lecture.

    Le dossier porte `fil` (lu par `read_fil`) et dit s’il `a_messages`, `a_consultations` et
    `a_appels` : ceux qui n’ont rien n’ont pas à être lus.
    """

    def exists(modele: type[Message | Consultation | AppelSource]) -> Exists:
        return Exists(modele.objects.filter(collectivite=collectivite, dossier=OuterRef("numero")))

    fil = (
        Evenement.objects.filter(collectivite=collectivite, dossier=OuterRef("numero"))
        .order_by("instant", "pk")
        .values(ligne=JSONObject(**{champ: champ for champ in CHAMPS_DU_FIL}))
    )
    return (
        _select(collectivite, numero)
        .annotate(
            fil=ArraySubquery(fil),
            a_messages=exists(Message),
            a_consultations=exists(Consultation),
            a_appels=exists(AppelSource),
        )
        .first()
    )


def read_fil(dossier: Dossier) -> list[Evenement]:
    """Rend les évènements d’un dossier lu par `find_dossier_et_fil`."""
    lignes: list[dict[str, Any]] = dossier.fil  # type: ignore[attr-defined]
    return [Evenement(**ligne | {"instant": parse_datetime(ligne["instant"])}) for ligne in lignes]


def get_formulaire(version_id: int) -> FormulaireCompile:
    """Rend le formulaire compilé d’une version publiée (immuable, donc gardé en mémoire)."""
    return compile_formulaire(lambda: _read_definition(version_id), version=version_id)


def _read_definition(version_id: int) -> dict[str, Any]:
    definition: dict[str, Any] = Version.objects.values_list("definition", flat=True).get(
        pk=version_id
    )
    return definition


def list_brouillons(
    demarche: Demarche, compte: Compte | None, jetons: Mapping[str, str]
) -> list[Dossier]:
    """Rend les demandes commencées que cette personne peut reprendre sur cette démarche."""
    brouillons = Dossier.objects.filter(
        collectivite_id=demarche.collectivite_id, demarche=demarche, etat=EtatDossier.BROUILLON
    ).only("numero", "modifie_le", "jeton")
    if compte is not None:
        return list(brouillons.filter(usager=compte).order_by("-modifie_le", "-numero")[:10])
    numeros = [int(numero) for numero in jetons if numero.isdigit()]
    if not numeros:
        return []
    trouves = brouillons.filter(numero__in=numeros).order_by("-modifie_le", "-numero")
    return [d for d in trouves if d.jeton == hash_jeton(jetons[str(d.numero)])]


def list_evenements(dossier: Dossier) -> QuerySet[Evenement]:
    return Evenement.objects.filter(
        collectivite_id=dossier.collectivite_id, dossier=dossier
    ).order_by("instant", "pk")


def list_messages(dossier: Dossier) -> QuerySet[Message]:
    return Message.objects.filter(
        collectivite_id=dossier.collectivite_id, dossier=dossier
    ).order_by("instant", "pk")


def list_dossiers_de_la_personne(personne_id: int) -> QuerySet[DossierDeLaPersonne]:
    """Rend la liste d’un usager, toutes collectivités, le plus récent d’abord."""
    return (
        DossierDeLaPersonne.objects.filter(personne_id=personne_id)
        .select_related("collectivite")
        .order_by("-modifie_le", "-numero")
    )


def list_changements(dossier: Dossier) -> QuerySet[ReponseChangee]:
    """Rend l’histoire des réponses, la plus récente d’abord."""
    return ReponseChangee.objects.filter(
        collectivite_id=dossier.collectivite_id, dossier=dossier
    ).order_by("-instant", "-pk")


def list_consultations(dossier: Dossier) -> QuerySet[Consultation]:
    """Rend qui a ouvert le dossier, une ligne par agent et par heure."""
    return Consultation.objects.filter(
        collectivite_id=dossier.collectivite_id, dossier=dossier
    ).order_by("-heure", "-pk")


def list_appels(dossier: Dossier) -> QuerySet[AppelSource]:
    """Rend les appels aux services de l’État faits pour ce dossier."""
    return AppelSource.objects.filter(
        collectivite_id=dossier.collectivite_id, dossier=dossier
    ).order_by("-instant", "-pk")

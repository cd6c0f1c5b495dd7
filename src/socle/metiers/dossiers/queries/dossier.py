"""Lecture d’un dossier et de ce qui l’entoure."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import BigIntegerField, JSONField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.dateparse import parse_datetime

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.lectures import Lecture, Parametre
from socle.fondations.comptes.models import Compte
from socle.fondations.formulaires.moteur import FormulaireCompile, compile_formulaire
from socle.metiers.demarches.enums import EtatDemarche, EtatVersion
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.dossiers.enums import FAITS_AUTOMATIQUES, EtatDossier
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

# Écrit ici et non en expressions de Django : les composer coûterait plus que les exécuter.
ENTOURAGE = """
jsonb_build_object(
  'fil', (SELECT coalesce(jsonb_agg(jsonb_build_object('fait', e.fait, 'instant', e.instant,
      'auteur_nom', e.auteur_nom, 'detail', e.detail, 'document_id', e.document_id)
      ORDER BY e.instant, e.id), '[]')
    FROM dossiers_evenement e WHERE e.collectivite_id = dossiers_dossier.collectivite_id
      AND e.dossier_id = dossiers_dossier.numero),
  'a_messages', EXISTS (SELECT 1 FROM dossiers_message m
    WHERE m.collectivite_id = dossiers_dossier.collectivite_id
      AND m.dossier_id = dossiers_dossier.numero),
  'a_consultations', EXISTS (SELECT 1 FROM dossiers_consultation c
    WHERE c.collectivite_id = dossiers_dossier.collectivite_id
      AND c.dossier_id = dossiers_dossier.numero),
  'a_appels', EXISTS (SELECT 1 FROM dossiers_appelsource a
    WHERE a.collectivite_id = dossiers_dossier.collectivite_id
      AND a.dossier_id = dossiers_dossier.numero))
"""


FACULTATIFS_AU_GUICHET = ("courriel",)

# Lue avec le dossier, sans instruction de plus : la page offre de passer à cette version.
VERSION_PUBLIEE = """
CASE WHEN dossiers_dossier.etat IN ('brouillon', 'en_construction', 'en_instruction') THEN
  (SELECT v.id FROM demarches_version v
   WHERE v.collectivite_id = dossiers_dossier.collectivite_id
     AND v.demarche_id = dossiers_dossier.demarche_id AND v.etat = 'publiee'
   ORDER BY v.numero DESC LIMIT 1)
END
"""


def _compose_dossier() -> QuerySet[Dossier]:
    return (
        Dossier.objects.filter(collectivite=Parametre("collectivite"), numero=Parametre("numero"))
        .select_related("demarche__service", "usager")
        .annotate(
            version_publiee=RawSQL(VERSION_PUBLIEE, [], output_field=BigIntegerField())  # noqa: S611
        )
        .defer("recherche")
    )


def _compose_version_ouverte() -> QuerySet[Version]:
    return (
        Version.objects.filter(
            collectivite=Parametre("collectivite"),
            demarche__chemin=Parametre("chemin"),
            etat=EtatVersion.PUBLIEE,
        )
        .exclude(demarche__etat=EtatDemarche.BROUILLON)
        .select_related("demarche__service")
        .defer("definition")
        .order_by("-numero")[:1]
    )


def _compose_dossier_et_fil() -> QuerySet[Dossier]:
    entourage = RawSQL(ENTOURAGE, [], output_field=JSONField())  # noqa: S611  texte constant
    return _compose_dossier().annotate(entourage=entourage)


DOSSIER = Lecture(_compose_dossier)
DOSSIER_VERROUILLE = Lecture(lambda: _compose_dossier().select_for_update(of=["self"]))
DOSSIER_ET_FIL = Lecture(_compose_dossier_et_fil)
VERSION_OUVERTE = Lecture(_compose_version_ouverte)


def find_dossier(
    collectivite: Collectivite, numero: int, *, verrou: bool = False
) -> Dossier | None:
    """Rend un dossier avec sa démarche et son service ; le formulaire est gardé en mémoire à part.

    Args:
        verrou: tient la ligne jusqu’à la fin de la transaction.
    """
    lecture = DOSSIER_VERROUILLE if verrou else DOSSIER
    return lecture.first(collectivite=collectivite.pk, numero=numero)


def find_version_ouverte(collectivite: Collectivite, chemin: str) -> Version | None:
    """Rend, avec sa démarche, la version publiée que suit une nouvelle demande.

    Une lecture pour les deux ; la définition reste à part (cache).
    """
    return VERSION_OUVERTE.first(collectivite=collectivite.pk, chemin=chemin)


def find_dossier_et_fil(collectivite: Collectivite, numero: int) -> Dossier | None:
    """Rend un dossier, son fil, et ce qui existe autour, en une lecture.

    Le dossier porte `fil` (lu par `read_fil`) et dit s’il `a_messages`, `a_consultations` et
    `a_appels` : ceux qui n’ont rien n’ont pas à être lus.
    """
    dossier = DOSSIER_ET_FIL.first(collectivite=collectivite.pk, numero=numero)
    if dossier is not None:
        for nom, valeur in dossier.entourage.items():  # type: ignore[attr-defined]
            setattr(dossier, nom, valeur)
    return dossier


def read_fil(dossier: Dossier) -> list[Evenement]:
    """Rend les évènements d’un dossier lu par `find_dossier_et_fil`."""
    lignes: list[dict[str, Any]] = dossier.fil  # type: ignore[attr-defined]
    return [Evenement(**ligne | {"instant": parse_datetime(ligne["instant"])}) for ligne in lignes]


def get_formulaire(version_id: int, *, au_guichet: bool = False) -> FormulaireCompile:
    """Rend le formulaire compilé d’une version publiée (immuable, donc gardé en mémoire).

    Args:
        au_guichet: un agent remplit pour la personne, qui peut n’avoir aucune adresse électronique.
    """
    return compile_formulaire(
        lambda: _read_definition(version_id),
        version=version_id,
        facultatifs=FACULTATIFS_AU_GUICHET if au_guichet else (),
    )


def get_formulaire_a_remplir(dossier: Dossier) -> FormulaireCompile:
    """Rend le formulaire tel que ce dossier doit le remplir : en ligne, ou par un agent."""
    return get_formulaire(dossier.version_id, au_guichet=dossier.saisi_par_id is not None)


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


def list_faits_depuis(dossier: Dossier, dernier: int) -> list[Evenement]:
    """Rend ce qui s’est passé après le fait de ce rang, hors ce que Socle écrit de lui-même."""
    suite = list_evenements(dossier).filter(pk__gt=dernier)
    return list(suite.exclude(fait__in=FAITS_AUTOMATIQUES))


def find_dernier_fait(evenements: Iterable[Evenement]) -> int:
    """Rend le rang du dernier fait d’un fil, que les pages portent ; 0 s’il est vide."""
    return max((evenement.pk for evenement in evenements), default=0)


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

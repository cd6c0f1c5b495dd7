"""Démonstration : des faits du Bilan redits avec leur place, le reste inventé et le disant."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from socle.metiers.diffusion.enums import EtatInscription, EtatLettre
from socle.metiers.diffusion.models import Article, Audience, Avis, Evenement, Inscription, Lettre
from socle.metiers.diffusion.services.evenements import save_presences
from socle.metiers.diffusion.services.lettres import prove_lettre, save_lettre
from socle.metiers.diffusion.services.parutions import publish_parution, save_parution

DONNEES = Path(__file__).resolve().parents[1] / "donnees" / "diffusion.toml"
SEMEUR = "systeme"


@transaction.atomic
def seed(maintenant: datetime) -> str:
    """Sème articles, évènements et une lettre ; ce qui existe n’est jamais touché."""
    donnees = tomllib.loads(DONNEES.read_text(encoding="utf-8"))
    neufs = sum(_seed_article(fiche, maintenant) for fiche in donnees["articles"])
    neufs += sum(_seed_evenement(fiche, maintenant) for fiche in donnees["evenements"])
    if not Lettre.objects.exists():
        neufs += sum(_seed_lettre(fiche, maintenant) for fiche in donnees["lettres"])
    return f"Diffusion : {neufs} articles, évènements et lettres nouveaux"


def _seed_article(fiche: dict[str, Any], maintenant: datetime) -> int:
    slug, jour = fiche.pop("slug"), fiche.pop("publie_le")
    if Article.objects.filter(slug=slug).exists():
        return 0
    parue = min(_build_instant(jour, 9), maintenant)
    article = _publish(Article(slug=slug, publie_le=parue), fiche, maintenant)
    _seed_lectures(article.cle, maintenant)
    return 1


def _seed_evenement(fiche: dict[str, Any], maintenant: datetime) -> int:
    slug, inscrits = fiche.pop("slug"), fiche.pop("inscrits", [])
    if Evenement.objects.filter(slug=slug).exists():
        return 0
    jour = timezone.localdate(maintenant) + timedelta(days=fiche.pop("dans"))
    debut = _build_instant(jour, fiche.pop("heure"))
    duree = timedelta(hours=fiche.pop("duree"))
    champs = fiche | {"debut": debut, "fin": debut + duree}
    evenement = _publish(Evenement(slug=slug), champs, maintenant)
    if settings.BAC_A_SABLE:
        _seed_inscrits(evenement, inscrits, maintenant)
    return 1


def _seed_inscrits(
    evenement: Evenement, inscrits: list[dict[str, Any]], maintenant: datetime
) -> None:
    """Inscrits, présents et avis inventés d’un évènement passé ; aucun courriel ne part."""
    presents = set()
    for rang, fiche in enumerate(inscrits):
        present, note = fiche.pop("present"), fiche.pop("note", 0)
        if note:
            remarque = fiche.pop("remarque", "")
            Avis.objects.create(evenement=evenement, note=note, remarque=remarque)
        inscription = Inscription.objects.create(
            evenement=evenement, courriel=f"exemple{rang + 1}@exemple.fr", avis_donne=bool(note),
            etat=EtatInscription.INSCRITE, inscrite_le=evenement.debut - timedelta(days=9 - rang),
            **fiche,
        )  # fmt: skip
        presents |= {inscription.pk} if present else set()
    if inscrits:
        save_presences(evenement=evenement, presents=presents, acteur=SEMEUR, maintenant=maintenant)


def _seed_lectures(cle: str, maintenant: datetime) -> None:
    """Lectures inventées des derniers jours, au bac à sable seulement."""
    if settings.BAC_A_SABLE:
        jour = timezone.localdate(maintenant)
        Audience.objects.bulk_create(
            [
                Audience(objet=cle, jour=jour - timedelta(days=recul), lectures=31 - 4 * recul)
                for recul in range(1, 8)
            ],
            ignore_conflicts=True,
        )


def _publish(objet: Any, champs: dict[str, Any], maintenant: datetime) -> Any:
    propres = {k: v.strip() if isinstance(v, str) else v for k, v in champs.items()}
    brouillon = save_parution(
        objet=objet, champs=propres, revision=0, acteur=SEMEUR, maintenant=maintenant
    )
    return publish_parution(
        objet=brouillon, revision=brouillon.revision, acteur=SEMEUR, maintenant=maintenant
    )


def _seed_lettre(fiche: dict[str, Any], maintenant: datetime) -> int:
    """La lettre est en ligne sans avoir été envoyée : elle n’a aucun destinataire."""
    lettre = save_lettre(
        lettre=None, champs=fiche, revision=0, acteur=SEMEUR, maintenant=maintenant
    )
    lettre.etat, lettre.demandee_le, lettre.envoyee_le = EtatLettre.ENVOYEE, maintenant, maintenant
    lettre.save()
    _seed_lectures(lettre.cle, maintenant)
    prove_lettre(lettre, "mise_en_ligne", SEMEUR, maintenant, {})
    return 1


def _build_instant(jour: date, heure: int) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time(heure)))

"""Écrire, relayer, clore, archiver un appel ; changer sa clôture sans perdre l’ancienne."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from socle.fondations.collectivites.models import build_slug
from socle.fondations.commun import taches
from socle.fondations.commun.mise_en_forme import strip_forme
from socle.fondations.comptes.models import Compte
from socle.fondations.journal.services import record
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.appels.enums import EtatAppel, Surete, Theme
from socle.metiers.appels.errors import (
    AdresseDejaPrise,
    AppelIncomplet,
    AppelModifieAilleurs,
    DateInchangee,
    EtatImpossible,
)
from socle.metiers.appels.models import SANS_JOUR, Appel, DateAppel

CHAMPS = (
    "titre", "organisateur", "genre", "resume", "texte", "themes", "territoires", "genres",
    "population_min", "population_max", "qui", "comment", "montant_min", "montant_max",
    "enveloppe", "taux", "lien", "contact", "source", "ouverture", "liens",
)  # fmt: skip
ADRESSES_RESERVEES = frozenset({"alertes", "importer", "nouvel", "octrois", "proposer"})
# Geste → (états d’où il part, état où il mène).
GESTES = {
    "relayer": ({EtatAppel.PROPOSE, EtatAppel.CLOS}, EtatAppel.RELAYE),
    "clore": ({EtatAppel.RELAYE}, EtatAppel.CLOS),
    "archiver": ({EtatAppel.PROPOSE, EtatAppel.RELAYE, EtatAppel.CLOS}, EtatAppel.ARCHIVE),
    "reprendre": ({EtatAppel.ARCHIVE}, EtatAppel.PROPOSE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloture:
    """Une date de clôture, et ce que l’on en sait."""

    surete: str
    jour: date | None = None
    jour_texte: str = ""


@transaction.atomic
def create_appel(
    *,
    cloture: Cloture,
    acteur: str,
    maintenant: datetime,
    slug: str = "",
    propose_par: Compte | None = None,
    fictif: bool = False,
    **fiche: Any,
) -> Appel:
    """Garde une proposition, que l’équipe vérifie avant de la relayer.

    Un appel qui lui ressemble déjà (même titre et même organisateur, ou même page) est noté : une
    personne dira si c’est le même.

    Args:
        fiche: valeurs de `CHAMPS`.

    Raises:
        AdresseDejaPrise: le nom d’adresse donné existe, ou est celui d’une page.
    """
    appel = Appel(
        slug=choose_slug(slug, fiche["titre"], strict=bool(slug)), propose_par=propose_par,
        fictif=fictif, **{champ: fiche[champ] for champ in CHAMPS if champ in fiche},
    )  # fmt: skip
    _set_cloture(appel, cloture)
    _set_textes(appel)
    appel.ressemble = find_ressemblant(appel)
    appel.save()
    DateAppel.objects.create(
        appel=appel, rang=1, jour=cloture.jour, jour_texte=cloture.jour_texte, surete=cloture.surete
    )
    prove("appel.propose", appel, acteur, maintenant, {"slug": appel.slug})
    return appel


@transaction.atomic
def update_appel(
    *,
    appel: Appel,
    acteur: str,
    maintenant: datetime,
    revision: int | None = None,
    **fiche: Any,
) -> Appel:
    """Corrige un appel, tout sauf sa clôture : elle se change avec sa raison.

    Args:
        revision: celle que la page montrait ; None, rien n’est comparé.

    Raises:
        AppelModifieAilleurs: un collègue l’a enregistré depuis.
        EtatImpossible: il est archivé.
    """
    appel = lock_appel(appel)
    if appel.etat == EtatAppel.ARCHIVE:
        raise EtatImpossible
    if revision not in (None, appel.revision):
        raise AppelModifieAilleurs
    changes = [c for c in CHAMPS if c in fiche and getattr(appel, c) != fiche[c]]
    if not changes:
        return appel
    for champ in changes:
        setattr(appel, champ, fiche[champ])
    _set_textes(appel)
    appel.revision += 1
    appel.save()
    prove("appel.modifie", appel, acteur, maintenant, {"champs": sorted(changes)})
    return appel


@transaction.atomic
def change_cloture(
    *, appel: Appel, cloture: Cloture, motif: str, acteur: str, maintenant: datetime
) -> Appel:
    """Change la clôture ; l’ancienne reste, avec la raison. Un appel clos qui recule rouvre.

    Raises:
        EtatImpossible, DateInchangee: rien n’est changé.
    """
    appel = lock_appel(appel)
    avant = Cloture(surete=appel.surete, jour=appel.cloture, jour_texte=appel.cloture_texte)
    if appel.etat == EtatAppel.ARCHIVE:
        raise EtatImpossible
    if avant == cloture:
        raise DateInchangee
    _set_cloture(appel, cloture)
    if appel.ouverture and cloture.jour and appel.ouverture > cloture.jour:
        appel.ouverture = cloture.jour
    rang = DateAppel.objects.filter(appel=appel).count() + 1
    DateAppel.objects.create(
        appel=appel, rang=rang, jour=cloture.jour, jour_texte=cloture.jour_texte,
        surete=cloture.surete, motif=motif,
    )  # fmt: skip
    appel.ancienne_cloture = _find_ancienne(appel)
    aujourdhui = timezone.localdate(maintenant)
    if appel.etat == EtatAppel.CLOS and (cloture.jour is None or cloture.jour >= aujourdhui):
        appel.etat = EtatAppel.RELAYE
    appel.revision += 1
    appel.save()
    donnees = {"avant": _write(avant), "apres": _write(cloture), "motif": motif}
    prove("appel.date_changee", appel, acteur, maintenant, donnees)
    return appel


@transaction.atomic
def change_etat(
    *, appel: Appel, geste: str, acteur: str, maintenant: datetime, motif: str = ""
) -> Appel:
    """Relaie, clôt, archive ou reprend un appel. Redire le geste déjà fait ne change rien.

    Raises:
        EtatImpossible, AppelIncomplet: rien n’est changé.
    """
    appel = lock_appel(appel)
    depuis, vers = GESTES[geste]
    if appel.etat == vers:
        return appel
    if appel.etat not in depuis or appel.reuni_dans_id:
        raise EtatImpossible
    avant, appel.etat, appel.motif = appel.etat, vers, motif
    if vers == EtatAppel.RELAYE:
        if not (appel.resume and appel.themes and appel.lien):
            raise AppelIncomplet
        appel.relaye_le = appel.relaye_le or maintenant
        appel.verifie_le = timezone.localdate(maintenant)
        appel.ressemble = None
        taches.defer("appels.annoncer", verrou="appels.annoncer")
    appel.revision += 1
    appel.save()
    donnees = {"avant": str(avant), "apres": str(vers), "motif": motif}
    prove("appel.etat_change", appel, acteur, maintenant, donnees)
    return appel


@transaction.atomic
def verify_appel(*, appel: Appel, acteur: str, maintenant: datetime) -> Appel:
    """Note que la fiche vient d’être relue chez l’organisateur, sans rien y changer."""
    appel = lock_appel(appel)
    appel.verifie_le = timezone.localdate(maintenant)
    appel.save(update_fields=["verifie_le", "modifie_le"])
    prove("appel.verifie", appel, acteur, maintenant, {})
    return appel


@transaction.atomic
def close_echus(*, aujourdhui: date, maintenant: datetime) -> int:
    """Clôt les appels relayés dont le dernier jour est passé ; rend leur nombre. Rejouable."""
    echus = Appel.objects.select_for_update(of=["self"]).filter(
        etat=EtatAppel.RELAYE, surete=Surete.CONNUE, cloture__lt=aujourdhui
    )
    nombre = 0
    for appel in echus.order_by("pk"):
        change_etat(appel=appel, geste="clore", acteur="systeme", maintenant=maintenant)
        nombre += 1
    return nombre


def find_ressemblant(appel: Appel) -> Appel | None:
    """Rend l’appel, hors archives, qui paraît être le même."""
    autres = Appel.objects.exclude(etat=EtatAppel.ARCHIVE).exclude(pk=appel.pk)
    meme = autres.filter(empreinte=appel.empreinte).order_by("pk").first()
    if meme is None and appel.lien:
        meme = autres.filter(lien=appel.lien).order_by("pk").first()
    return meme


def choose_slug(slug: str, titre: str, *, strict: bool) -> str:
    """Rend un nom d’adresse libre, tiré du titre ; celui que l’on exige doit l’être déjà.

    Raises:
        AdresseDejaPrise.
    """
    base = build_slug(slug or titre)[:72] or "appel"
    pris = set(
        Appel.objects.filter(slug__startswith=base).order_by("slug").values_list("slug", flat=True)
    )
    libre = next(
        candidat
        for candidat in (base, *(f"{base}-{n}" for n in range(2, len(pris) + 4)))
        if candidat not in pris | ADRESSES_RESERVEES
    )
    if strict and libre != base:
        raise AdresseDejaPrise
    return libre


def lock_appel(appel: Appel) -> Appel:
    """Relit et verrouille un appel."""
    return Appel.objects.select_for_update(of=["self"]).get(pk=appel.pk)


def _set_cloture(appel: Appel, cloture: Cloture) -> None:
    appel.cloture = cloture.jour
    appel.rang = cloture.jour.toordinal() if cloture.jour else SANS_JOUR
    appel.cloture_texte = cloture.jour_texte
    appel.surete = cloture.surete


def _set_textes(appel: Appel) -> None:
    themes = " ".join(Theme(theme).label for theme in appel.themes)
    appel.recherche = normalize_nom(
        " ".join(
            (appel.titre, appel.organisateur, appel.resume, themes, appel.qui,
             strip_forme(appel.texte))
        )
    )  # fmt: skip
    appel.empreinte = f"{normalize_nom(appel.titre)}|{normalize_nom(appel.organisateur)}"[:300]


def _find_ancienne(appel: Appel) -> date | None:
    """La première clôture annoncée, si celle d’aujourd’hui est plus loin ou n’est plus fixée."""
    jours = DateAppel.objects.filter(appel=appel, jour__isnull=False)
    premier = jours.order_by("rang").values_list("jour", flat=True).first()
    recule = premier and (appel.cloture is None or premier < appel.cloture)
    return premier if recule and appel.surete != Surete.CONTINUE else None


def _write(cloture: Cloture) -> str:
    return f"{cloture.jour.isoformat() if cloture.jour else 'sans jour'} ({cloture.surete})"


def prove(
    action: str, appel: Appel, acteur: str, maintenant: datetime, donnees: dict[str, Any]
) -> None:
    """Écrit au journal de l’installation."""
    record(
        action=action, objet=appel.objet, acteur=acteur, collectivite_id=None,
        maintenant=maintenant, donnees=donnees,
    )  # fmt: skip

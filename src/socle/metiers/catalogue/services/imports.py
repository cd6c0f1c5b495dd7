"""Relire un autre catalogue : le réseau hors transaction, puis des fiches à examiner."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from socle.fondations.commun.errors import ErreurConnecteur, ErreurMetier, SystemeIndisponible
from socle.fondations.comptes.models import Compte
from socle.metiers.catalogue.enums import EtatFiche, EtatImport, FormatCatalogue, Frequence
from socle.metiers.catalogue.errors import FichierRefuse
from socle.metiers.catalogue.models import CatalogueDistant, FicheDistante, ImportCatalogue
from socle.metiers.catalogue.ports import lecteurs
from socle.metiers.catalogue.services.lecture import (
    FicheLue,
    Lecture,
    read_adresses,
    read_csv,
    read_publiccodes,
    read_sill,
)
from socle.metiers.catalogue.services.solutions import build_slug
from socle.metiers.catalogue.services.suivi import lock_ligne, record_action

PERIODES = {Frequence.QUOTIDIENNE: timedelta(hours=20), Frequence.HEBDOMADAIRE: timedelta(days=6)}


@transaction.atomic
def save_catalogue(
    *, catalogue: CatalogueDistant | None, champs: dict[str, Any], agent: Compte,
    maintenant: datetime, empreinte: str | None = None,
) -> CatalogueDistant:  # fmt: skip
    """Ajoute un catalogue à relire, ou change le sien.

    Args:
        empreinte: celle de `champs` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistré depuis.
    """
    ecrit = (
        lock_ligne(catalogue, champs, empreinte)
        if catalogue
        else CatalogueDistant(slug=build_slug(champs["nom"]))
    )
    for nom, valeur in champs.items():
        setattr(ecrit, nom, valeur)
    ecrit.save()
    record_action("federation.catalogue", objet=f"catalogue:{ecrit.slug}", acteur=agent.acteur,
                  maintenant=maintenant)  # fmt: skip
    return ecrit


def run_import(
    *, catalogue: CatalogueDistant, acteur: str, maintenant: datetime, octets: bytes | None = None
) -> ImportCatalogue:
    """Relit un catalogue. Hors transaction : le réseau d’abord, l’écriture ensuite.

    Un refus (fichier hostile, adresse interne, trop grand) ou une panne est noté avec sa phrase,
    et ne touche à aucune fiche.

    Args:
        octets: fichier déposé à la main ; None pour aller le chercher.
    """
    essai = ImportCatalogue.objects.create(catalogue=catalogue, commence_le=maintenant)
    try:
        lecture = _read(catalogue, octets)
    except (ErreurMetier, ErreurConnecteur, SystemeIndisponible) as refus:
        return _close(essai, EtatImport.REFUSE, str(refus), acteur, maintenant)
    with transaction.atomic():
        for fiche in lecture.fiches:
            _keep(catalogue, fiche, essai, maintenant)
        essai.refus = lecture.refus[:500]
        essai.lues = len(lecture.fiches) + len(lecture.refus)
        phrase = f"{essai.lues} fiches lues, {len(lecture.refus)} refusées."
        return _close(essai, EtatImport.REUSSI, phrase, acteur, maintenant)


def _read(catalogue: CatalogueDistant, octets: bytes | None) -> Lecture:
    contenu = lecteurs["http"].fetch(catalogue.url) if octets is None else octets
    if catalogue.format == FormatCatalogue.SILL:
        return read_sill(contenu)
    if catalogue.format == FormatCatalogue.CSV:
        return read_csv(contenu)
    fichiers, refus = [], []
    for adresse in read_adresses(contenu):
        try:
            fichiers.append((adresse, lecteurs["http"].fetch(adresse)))
        except (ErreurConnecteur, SystemeIndisponible) as cause:
            refus.append({"fiche": adresse[:120], "raison": str(cause)})
    lecture = read_publiccodes(fichiers)
    lecture.refus += refus
    return lecture


def _keep(
    catalogue: CatalogueDistant, fiche: FicheLue, essai: ImportCatalogue, maintenant: datetime
) -> None:
    """Garde une fiche lue ; changée, elle revient à examiner."""
    donnees = json.loads(json.dumps(fiche.champs, default=str))
    empreinte = hashlib.sha256(
        json.dumps(donnees, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()
    connue = FicheDistante.objects.filter(catalogue=catalogue, cle_externe=fiche.cle).first()
    if connue is None:
        FicheDistante.objects.create(
            catalogue=catalogue, cle_externe=fiche.cle, nom=fiche.champs["nom"][:200],
            donnees=donnees, empreinte=empreinte, vue_le=maintenant,
        )  # fmt: skip
        essai.nouvelles += 1
        return
    connue.vue_le = maintenant
    if connue.empreinte != empreinte:
        connue.nom, connue.donnees = fiche.champs["nom"][:200], donnees
        connue.empreinte, connue.etat = empreinte, EtatFiche.A_EXAMINER
        essai.changees += 1
    connue.save()


def _close(
    essai: ImportCatalogue, etat: EtatImport, message: str, acteur: str, maintenant: datetime
) -> ImportCatalogue:
    essai.etat, essai.message, essai.fini_le = etat, message, maintenant
    with transaction.atomic():
        essai.save()
        record_action(
            "federation.import",
            objet=f"catalogue:{essai.catalogue.slug}",
            acteur=acteur,
            maintenant=maintenant,
            donnees={"etat": str(etat), "lues": essai.lues, "nouvelles": essai.nouvelles},
        )
    return essai


def list_a_relire(maintenant: datetime) -> list[CatalogueDistant]:
    """Catalogues dont la fréquence demande une relecture."""
    dernier = ImportCatalogue.objects.filter(catalogue=OuterRef("pk")).order_by("-commence_le")
    catalogues = CatalogueDistant.objects.filter(actif=True).annotate(
        dernier=Subquery(dernier.values("commence_le")[:1])
    )
    echus = Q()
    for frequence, periode in PERIODES.items():
        echus |= Q(frequence=frequence) & (Q(dernier=None) | Q(dernier__lte=maintenant - periode))
    return list(catalogues.filter(echus).order_by("id"))


def check_fichier(octets: bytes) -> bytes:
    """Refuse un fichier vide déposé à la main.

    Raises:
        FichierRefuse: il est vide.
    """
    if not octets.strip():
        raise FichierRefuse("Ce fichier est vide.")
    return octets

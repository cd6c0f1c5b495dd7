"""Ce qui est accordé : les sommes ne se dépassent jamais, ni par un service, ni dans la base."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from socle.fondations.commun.locataire import locataire
from socle.fondations.journal.models import INSTALLATION, Entree
from socle.metiers.appels.enums import EtatJustificatif, EtatOctroi, EtatVersement
from socle.metiers.appels.errors import (
    AutoriteInconnue,
    EtatImpossible,
    OctroiFerme,
    SommeRefusee,
)
from socle.metiers.appels.exports.scdl import COLONNES, iter_lignes
from socle.metiers.appels.models import Octroi, Recuperation, VersementOctroi
from socle.metiers.appels.queries.octrois import list_scdl, sum_tout
from socle.metiers.appels.services import octrois as services
from tests.metiers.appels.fabrique import AUJOURDHUI, COMMUN, accord, accord_suivi

pytestmark = pytest.mark.django_db
JOUR = date(2027, 3, 1)


def plan(octroi, montant):
    return services.add_versement(
        octroi=octroi, echeance=JOUR, montant=Decimal(montant), condition="", **COMMUN
    )


def pay(versement, etat=EtatVersement.VERSE, motif=""):
    return services.change_versement(versement=versement, etat=etat, le=JOUR, motif=motif, **COMMUN)


def is_refuse(ecrire) -> bool:
    """Vrai si la base refuse cette écriture."""
    try:
        with transaction.atomic():
            ecrire()
    except IntegrityError:
        return True
    return False


def test_same_origin_counts_once_and_unknown_authority_or_sum_is_refused():
    premier = accord(origine="consultation:aap/reponse-1")
    second = accord(origine="consultation:aap/reponse-1", montant="99")

    assert second == premier
    assert second.montant == 10_000
    assert accord().origine != accord().origine
    with pytest.raises(AutoriteInconnue):
        accord("commune-00000")
    with pytest.raises(SommeRefusee):
        accord(montant="0")
    with locataire(INSTALLATION):
        assert Entree.objects.filter(objet=premier.cle).count() == 1


def test_instalments_never_exceed_what_was_granted():
    octroi = accord()
    premier = plan(octroi, 6000)
    with pytest.raises(SommeRefusee):
        plan(octroi, "4000.01")
    second = plan(octroi, 4000)
    with pytest.raises(EtatImpossible):
        pay(second, EtatVersement.REFUSE)
    pay(second, EtatVersement.REFUSE, "Pièce absente.")
    plan(octroi, 4000)  # la part refusée est de nouveau libre
    with pytest.raises(SommeRefusee):
        pay(second, EtatVersement.PREVU)
    pay(premier, EtatVersement.DEMANDE)
    pay(premier)

    octroi.refresh_from_db()
    assert (octroi.prevu, octroi.verse) == (10_000, 6000)
    with pytest.raises(SommeRefusee):
        services.update_octroi(octroi=octroi, montant=Decimal(9999), **COMMUN)


def test_unused_money_comes_back_within_what_was_paid():
    octroi = accord()
    versement = plan(octroi, 5000)
    rendre = {"octroi": octroi, "motif": "Non employé.", "le": JOUR, **COMMUN}
    with pytest.raises(SommeRefusee):
        services.recover(montant=Decimal(1), **rendre)
    pay(versement)
    services.recover(montant=Decimal(5000), **rendre)
    with pytest.raises(SommeRefusee):
        pay(versement, EtatVersement.DEMANDE)
    octroi.refresh_from_db()
    assert octroi.recupere == 5000
    assert sum_tout()["recupere"] == 5000


def test_database_refuses_what_a_program_would_write_around_the_services():
    octroi = accord()
    versement = plan(octroi, 5000)
    pay(versement)
    directes = {
        "un versement de trop": lambda: VersementOctroi.objects.create(
            octroi=octroi, rang=9, echeance=JOUR, montant=6000
        ),
        "un versement gonflé": lambda: VersementOctroi.objects.filter(pk=versement.pk).update(
            montant=10_001
        ),
        "plus rendu que versé": lambda: Recuperation.objects.create(
            octroi=octroi, montant=5001, motif="x", le=JOUR
        ),
        "un montant abaissé": lambda: Octroi.objects.filter(pk=octroi.pk).update(montant=1),
        "une origine redite": lambda: Octroi.objects.filter(pk=accord(origine="a:1").pk).update(
            origine=octroi.origine
        ),
        "versé sans date": lambda: VersementOctroi.objects.filter(pk=versement.pk).update(
            change_le=None
        ),
    }
    for nom, ecrire in directes.items():
        assert is_refuse(ecrire), nom


def test_evidence_is_judged_only_once_received():
    octroi = accord_suivi()
    piece = octroi.justificatifs.get()
    juger = {"piece": piece, **COMMUN}
    with pytest.raises(EtatImpossible):
        services.judge_justificatif(etat=EtatJustificatif.ACCEPTE, **juger)


def test_closed_grant_takes_nothing_more_and_cancelling_asks_for_the_money_back():
    octroi = accord()
    versement = plan(octroi, 1000)
    pay(versement)
    octroi.refresh_from_db()
    annuler = {"octroi": octroi, "etat": EtatOctroi.ANNULE, "motif": "Abandon.", **COMMUN}
    with pytest.raises(EtatImpossible):
        services.change_etat(**annuler)
    services.recover(octroi=octroi, montant=Decimal(1000), motif="Abandon.", le=JOUR, **COMMUN)
    services.change_etat(**annuler)
    with pytest.raises(OctroiFerme):
        plan(octroi, 1)
    with pytest.raises(OctroiFerme):
        services.write_bilan(octroi=octroi, bilan="Rien.", **COMMUN)
    rouvert = services.change_etat(octroi=octroi, etat=EtatOctroi.EN_COURS, **COMMUN)
    assert services.write_bilan(octroi=rouvert, bilan="Fait.", **COMMUN).bilan_le == AUJOURDHUI


def test_open_data_follows_the_official_columns_without_fictitious_grants(donnees_officielles):
    octroi = accord_suivi(attribuant_siret="21920023500014")
    accord(fictif=True)
    exemple = donnees_officielles / "scdl" / "exemples" / "subventions_valide.csv"
    with exemple.open(encoding="utf-8-sig", newline="") as fichier:
        officielles = next(csv.reader(fichier))

    entete, ligne = iter_lignes(list_scdl(), {octroi.siren: "21920023500014"})

    assert list(entete) == officielles
    assert dict(zip(COLONNES, ligne, strict=True)) == {
        "nomAttribuant": "Programme commun", "idAttribuant": "21920023500014",
        "dateConvention": "2026-11-21", "referenceDecision": "", "nomBeneficiaire": "Clamart",
        "idBeneficiaire": "21920023500014", "rnaBeneficiaire": "", "objet": "Refaire le site",
        "montant": "10000.00", "nature": "aide en numéraire",
        "conditionsVersement": "Sans condition particulière",
        "datesPeriodeVersement": "2036-03-01", "idRAE": "", "notificationUE": "non",
        "pourcentageSubvention": "1.00", "dispositifAide": "",
    }  # fmt: skip

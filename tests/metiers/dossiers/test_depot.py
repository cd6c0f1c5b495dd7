"""Commencer, enregistrer, déposer."""

from datetime import date

import pytest

from socle.fondations.commun.ecritures import insert
from socle.fondations.journal.models import Entree
from socle.metiers.demarches.errors import DemarcheFermee
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.demarches.services import close_demarche
from socle.metiers.dossiers.enums import EtatDossier, Fait
from socle.metiers.dossiers.errors import (
    DossierFerme,
    DossierIncomplet,
    DossierModifieAilleurs,
)
from socle.metiers.dossiers.models import Compteur, Dossier, DossierDeLaPersonne, Mesure
from socle.metiers.dossiers.permissions import Acces, is_usager_du_dossier
from socle.metiers.dossiers.queries.dossier import list_evenements
from socle.metiers.dossiers.services import depot
from tests.metiers.conftest import MAINTENANT, REPONSES


def list_actions(dossier: Dossier) -> list[str]:
    entrees = Entree.objects.filter(objet=dossier.objet).order_by("pk")
    return [entree.action for entree in entrees]


def test_depot_gives_number_reference_and_deadline(depose):
    assert depose.etat == EtatDossier.EN_CONSTRUCTION
    assert depose.reference == f"219200235-2026-{depose.numero}"
    assert depose.echeance == date(2027, 1, 19)
    assert depose.demandeur == "Yanis Orbellec"
    assert depose.courriel == "yanis@exemple.fr"
    assert depose.projection["quotient"] == "1200"


def test_depot_writes_one_event_and_one_proof(depose):
    assert [e.fait for e in list_evenements(depose)] == [Fait.DEPOSE]
    assert list_actions(depose) == ["dossier.depose"]


def test_proof_holds_no_personal_data(depose):
    entree = Entree.objects.get(objet=depose.objet)
    assert "Orbellec" not in str(vars(entree))
    assert list(entree.engagements) == ["reponses"]


def test_second_click_files_nothing_more(depose, usager):
    encore = depot.file_dossier(
        numero=depose.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
    )
    assert encore.depose_le == depose.depose_le
    assert list_actions(depose) == ["dossier.depose"]


def test_incomplete_request_is_refused_and_kept(brouillon, usager):
    depot.save_reponses(dossier=brouillon, reponses={"prenom": "Yanis"}, revision=0)
    with pytest.raises(DossierIncomplet) as refus:
        depot.file_dossier(
            numero=brouillon.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
        )
    assert [e.chemin for e in refus.value.erreurs] == ["nom", "revenu", "parts"]
    brouillon.refresh_from_db()
    assert (brouillon.etat, brouillon.reponses) == (EtatDossier.BROUILLON, {"prenom": "Yanis"})


def test_two_tabs_never_overwrite_silently(brouillon):
    autre_onglet = Dossier.objects.get(pk=brouillon.pk)
    depot.save_reponses(dossier=brouillon, reponses={"nom": "A"}, revision=0)
    with pytest.raises(DossierModifieAilleurs):
        depot.save_reponses(dossier=autre_onglet, reponses={"nom": "B"}, revision=0)
    brouillon.refresh_from_db()
    assert brouillon.reponses == {"nom": "A"}


def test_filed_request_is_no_longer_a_draft(depose):
    with pytest.raises(DossierFerme):
        depot.save_reponses(dossier=depose, reponses=REPONSES, revision=depose.revision)


def test_closed_procedure_opens_no_request(demarche, administrateur, usager):
    close_demarche(demarche=demarche, agent=administrateur, maintenant=MAINTENANT)
    with pytest.raises(DemarcheFermee):
        depot.start_dossier(
            demarche=demarche,
            version=get_version_publiee(demarche),
            compte=usager,
            maintenant=MAINTENANT,
        )


def test_guest_holds_the_only_key_to_a_draft(demarche):
    dossier, jeton = depot.start_dossier(
        demarche=demarche, version=get_version_publiee(demarche), maintenant=MAINTENANT
    )
    assert is_usager_du_dossier(Acces(compte=None, jeton=jeton), dossier)
    assert not is_usager_du_dossier(Acces(compte=None, jeton="autre"), dossier)
    assert not is_usager_du_dossier(Acces(compte=None), dossier)
    assert jeton not in str(vars(dossier))


def test_counters_follow_states_and_survive_deletion(depose, brouillon, usager, demarche):
    autre, _ = depot.start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        compte=usager,
        maintenant=MAINTENANT,
    )
    depot.delete_brouillon(dossier=autre, acces=Acces(compte=usager), maintenant=MAINTENANT)

    nombres = dict(Compteur.objects.order_by("etat").values_list("etat", "nombre"))
    assert nombres == {"brouillon": 0, "en_construction": 1}
    depots = Mesure.objects.filter(fait="depose").order_by("pk").values_list("canal", "nombre")
    assert list(depots) == [("en_ligne", 1)]


def test_own_list_crosses_authorities(depose, usager):
    from socle.fondations.commun.locataire import personne

    assert DossierDeLaPersonne.objects.count() == 0
    with personne(usager.pk):
        ligne = DossierDeLaPersonne.objects.get()
    assert (ligne.numero, ligne.etat, ligne.titre) == (
        depose.numero,
        "en_construction",
        "Cantine scolaire",
    )


def test_depot_costs_few_statements(brouillon, usager, count_sql):
    with count_sql() as compte:
        depot.file_dossier(
            numero=brouillon.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
        )
    assert len(compte.instructions) <= 8, "\n".join(compte.instructions)


def test_new_dossier_is_what_django_would_write(demarche):
    """L’insertion gardée composée : numéro donné par la base, défauts, JSON, octets."""
    valeurs = {"collectivite": demarche.collectivite, "demarche": demarche, "sel": b"s" * 32}
    valeurs |= {"version": get_version_publiee(demarche), "reponses": {"nom": "Été % 'x'"}}
    inseres = [insert(Dossier(**valeurs)), Dossier.objects.create(**valeurs)]

    lus = [
        Dossier.objects.filter(pk=d.pk).values().get() | {"cree_le": None, "modifie_le": None}
        for d in inseres
    ]
    numeros = [lu.pop("numero") for lu in lus]
    assert [bytes(lu.pop("sel")) for lu in lus] == [b"s" * 32] * 2
    assert lus[0] == lus[1]
    assert numeros == [d.numero for d in inseres]

"""Répondre : l’heure du serveur, la double pression, le verrou, la correction, le retrait."""

from datetime import timedelta

import pytest

from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.consultations.errors import (
    CampagneFermee,
    EtatInattendu,
    HorsPerimetre,
    ModifieAilleurs,
    PasCorrigeable,
    PasEncoreOuverte,
    PasRetirable,
    ReponseIncomplete,
)
from socle.metiers.consultations.models import DepotDeReponse, Extrait, Reponse
from socle.metiers.consultations.permissions import Titre, can_write
from socle.metiers.consultations.queries.chiffres import compute_chiffres, mask_groupes
from socle.metiers.consultations.services import campagnes, purge, reponses, synthese
from tests.factories import CompteFactory
from tests.metiers.consultations.fabrique import (
    APRES,
    FERME,
    OUVRE,
    PENDANT,
    T0,
    create_campagne,
    file,
    publish,
    start,
)

SECONDE = timedelta(seconds=1)


def count_journal(action):
    with operateur():
        return Entree.objects.filter(action=action).count()


def test_double_depot_files_once_and_the_clock_of_the_server_closes(db):
    campagne = publish(create_campagne())
    ada, zoe = CompteFactory(courriel="ada@exemple.fr"), CompteFactory()

    with pytest.raises(PasEncoreOuverte):
        start(campagne, ada, OUVRE - SECONDE)
    reponse = start(campagne, ada, OUVRE)
    deposee = file(reponse, FERME - SECONDE)
    encore = file(reponse, FERME - SECONDE)
    assert deposee.numero == encore.numero == f"R2027-{reponse.pk:06d}"
    assert (deposee.depots.count(), count_journal("reponse.deposee")) == (1, 1)
    with locataire(get_programme().pk):
        envoi = Envoi.objects.get(destinataire="ada@exemple.fr")
    assert deposee.numero in envoi.sujet

    # Commencée avant, présentée à l’heure de la clôture : refusée, gardée, et c’est écrit.
    tardive = start(campagne, zoe, FERME - SECONDE)
    with pytest.raises(CampagneFermee):
        file(tardive, FERME)
    reponses.note_refus(reponse=tardive, maintenant=FERME)
    reponses.note_refus(reponse=tardive, maintenant=APRES)
    tardive.refresh_from_db()
    assert (tardive.etat, tardive.refusee_le) == ("brouillon", FERME)
    assert tardive.reponses == {"connait": True, "mot": "Merci."}
    assert count_journal("reponse.hors_delai") == 1
    with pytest.raises(CampagneFermee):
        start(campagne, CompteFactory(), FERME)


def test_lock_keeps_both_pages_and_one_brouillon_per_repondant(db):
    campagne, ada = publish(create_campagne()), CompteFactory()
    reponse = start(campagne, ada)

    assert start(campagne, ada, valeurs={"connait": False}).pk == reponse.pk
    with pytest.raises(ModifieAilleurs):
        reponses.save_reponses(
            reponse=reponse, reponses={"connait": True}, revision=reponse.revision,
            maintenant=PENDANT,
        )  # fmt: skip
    reponse.refresh_from_db()
    assert reponse.reponses == {"connait": False}
    assert Reponse.objects.filter(campagne=campagne).count() == 1


def test_correction_keeps_the_filed_answer_until_the_new_depot(db):
    campagne, ada = publish(create_campagne()), CompteFactory()
    reponse = file(start(campagne, ada))

    with pytest.raises(PasCorrigeable):
        reponses.save_reponses(
            reponse=reponse, reponses={}, revision=reponse.revision, maintenant=PENDANT
        )
    ouverte = reponses.open_correction(reponse=reponse, acteur="agent:1", maintenant=PENDANT)
    reponses.save_reponses(
        reponse=reponse, reponses={"connait": False}, revision=ouverte.revision,
        maintenant=PENDANT,
    )  # fmt: skip
    reponse.refresh_from_db()
    assert (reponse.reponses["connait"], reponse.correction) == (True, {"connait": False})

    corrigee = file(reponse, PENDANT + timedelta(hours=1))
    assert (corrigee.reponses, corrigee.correction) == ({"connait": False}, None)
    depots = DepotDeReponse.objects.filter(reponse=reponse).order_by("rang")
    assert [d.reponses["connait"] for d in depots] == [True, False]
    with pytest.raises(PasCorrigeable):
        reponses.open_correction(reponse=reponse, acteur="agent:1", maintenant=FERME)
    with pytest.raises(PasRetirable):
        reponses.withdraw_reponse(reponse=reponse, acteur="agent:1", maintenant=FERME)

    reponses.withdraw_reponse(reponse=reponse, acteur="agent:1", maintenant=FERME - SECONDE)
    neuve = start(campagne, ada, FERME - SECONDE)
    assert neuve.pk != reponse.pk
    assert count_journal("reponse.retiree") == 1


def test_hostile_reponses_are_refused_or_ignored(db):
    campagne = publish(create_campagne())
    geante = "x" * 60_000
    for valeurs, champ in (
        ({"connait": True, "mot": geante}, "mot"),
        ({"connait": True, "frein": "<script>"}, "frein"),
        ({"connait": "oui peut-être"}, "connait"),
        ({"connait": True, "piece": [{"document": "x", "nom": "a.pdf", "taille": 1,
                                      "type_mime": "application/pdf"}]}, "piece"),
        ({}, "connait"),
    ):  # fmt: skip
        reponse = start(campagne, CompteFactory(), valeurs=valeurs)
        with pytest.raises(ReponseIncomplete) as refus:
            file(reponse)
        assert [erreur.chemin for erreur in refus.value.erreurs] == [champ]
        reponse.refresh_from_db()
        assert reponse.is_brouillon

    inconnu = start(campagne, CompteFactory(), valeurs={"connait": True, "etat": "x", "pk": 1})
    assert file(inconnu).reponses == {"connait": True}


def test_invite_needs_a_campagne_that_admits_it_and_its_own_jeton(db):
    with pytest.raises(HorsPerimetre):
        reponses.start_invite(campagne=publish(create_campagne()), courriel="", maintenant=PENDANT)
    campagne = publish(create_campagne("libre", anonyme=True))
    sienne, jeton = reponses.start_invite(campagne=campagne, courriel="", maintenant=PENDANT)
    autre, _ = reponses.start_invite(campagne=campagne, courriel="", maintenant=PENDANT)

    assert can_write(sienne, None, jeton)
    assert not can_write(autre, None, jeton)
    assert not can_write(sienne, None)
    assert not can_write(sienne, CompteFactory())


def test_synthese_counts_masks_small_groups_and_survives_the_purge(db):
    campagne = publish(create_campagne(conservation_mois=1))
    for rang in range(14):
        frein = ["temps"] * 8 + ["argent"] * 4 + ["savoir"] * 2
        valeurs = {"connait": True, "agents": rang, "frein": frein[rang], "mot": f"Avis {rang}"}
        dernier = file(start(campagne, CompteFactory(), valeurs=valeurs))
    with pytest.raises(EtatInattendu):
        synthese.publish_synthese(campagne=campagne, acteur="agent:1", maintenant=PENDANT)
    synthese.choose_extrait(
        reponse=dernier, champ="mot", choisi=True, acteur="agent:1", maintenant=PENDANT
    )

    publiee = synthese.publish_synthese(campagne=campagne, acteur="agent:1", maintenant=APRES)

    par_champ = {q["champ"]: q for q in publiee.chiffres["questions"]}
    assert [ligne["nombre"] for ligne in par_champ["frein"]["lignes"]] == [8, None, None]
    assert (par_champ["agents"]["mediane"], par_champ["agents"]["maximum"]) == ("6,5", "13")
    assert "Avis" not in str(publiee.chiffres)
    assert mask_groupes([12, 3, 8, 0], exclusifs=True) == [12, None, None, 0]

    assert purge.purge_reponses(maintenant=FERME + timedelta(days=29)) == 0
    assert purge.purge_reponses(maintenant=FERME + timedelta(days=40)) == 14
    restes = Reponse.objects.filter(campagne=campagne)
    assert set(restes.values_list("nom", "courriel", "reponses__mot", "compte")) == {
        ("", "", None, None)
    }
    publiee.refresh_from_db()
    assert publiee.chiffres["total"] == 14
    assert Extrait.objects.get().texte == "Avis 13"
    assert not DepotDeReponse.objects.exists()
    assert compute_chiffres(publiee, maintenant=APRES)["total"] == 0


def test_purge_forgets_brouillons_and_withdrawn_answers(db):
    campagne = publish(create_campagne())
    start(campagne, CompteFactory())
    retiree = file(start(campagne, CompteFactory()))
    reponses.withdraw_reponse(reponse=retiree, acteur="agent:1", maintenant=PENDANT)

    assert purge.purge_reponses(maintenant=PENDANT + timedelta(days=29)) == 0
    assert purge.purge_reponses(maintenant=PENDANT + timedelta(days=31)) == 1
    assert purge.purge_reponses(maintenant=FERME + timedelta(days=61)) == 1


def test_extend_reopens_nothing_but_the_date(db):
    campagne = publish(create_campagne())
    ada = CompteFactory()
    reponse = start(campagne, ada)
    plus_tard = FERME + timedelta(days=7)
    campagnes.extend_campagne(
        campagne=campagne, ferme_le=plus_tard, motif="Vacances.", acteur="agent:1",
        maintenant=PENDANT,
    )  # fmt: skip

    assert file(reponse, plus_tard - SECONDE).is_deposee
    assert T0 < OUVRE < FERME < plus_tard
    titre = Titre(f"compte:{ada.pk}", "Vous")
    deja = reponses.start_reponse(campagne=campagne, compte=ada, titre=titre, maintenant=plus_tard)
    assert deja.pk == reponse.pk

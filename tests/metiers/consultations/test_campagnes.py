"""La vie d’une campagne, ses questions, son périmètre."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.comptes.enums import Role, RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.fondations.formulaires import edition
from socle.fondations.journal.models import Entree
from socle.metiers.consultations import tasks
from socle.metiers.consultations.enums import EtatCampagne
from socle.metiers.consultations.errors import (
    DateRefusee,
    EtatInattendu,
    FormulaireFige,
    ModifieAilleurs,
    MotifManquant,
    PasPubliable,
)
from socle.metiers.consultations.models import Campagne, Prolongation
from socle.metiers.consultations.permissions import can_see, can_write, list_titres
from socle.metiers.consultations.queries.campagnes import Criteres, list_publiques
from socle.metiers.consultations.services import campagnes, formulaire, reponses, synthese
from socle.metiers.consultations.signals import campagne_changee
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory
from tests.metiers.consultations.fabrique import (
    APRES,
    FERME,
    OUVRE,
    PENDANT,
    T0,
    create_campagne,
    publish,
)

SIGNE = {"acteur": "agent:1", "maintenant": PENDANT}


def test_each_transition_writes_one_journal_row_and_says_it(db):
    annonces = []

    def listen(sender, etat, **kwargs):
        annonces.append(etat.value)

    campagne_changee.connect(listen)
    try:
        campagne = publish(create_campagne())
        with pytest.raises(EtatInattendu):
            publish(campagne)
        with pytest.raises(MotifManquant):
            campagnes.extend_campagne(
                campagne=campagne, ferme_le=FERME + timedelta(days=1), motif=" ", **SIGNE
            )
        with pytest.raises(DateRefusee):
            campagnes.extend_campagne(campagne=campagne, ferme_le=FERME, motif="Non.", **SIGNE)
        campagnes.extend_campagne(
            campagne=campagne, ferme_le=FERME + timedelta(days=1), motif="Vacances.", **SIGNE
        )
        campagnes.close_campagne(campagne=campagne, **SIGNE)
        synthese.publish_synthese(campagne=campagne, acteur="agent:1", maintenant=APRES)
        campagnes.archive_campagne(campagne=campagne, **SIGNE)
        with pytest.raises(EtatInattendu):
            campagnes.cancel_campagne(campagne=campagne, motif="Trop tard.", **SIGNE)
    finally:
        campagne_changee.disconnect(listen)

    with operateur():
        lignes = Entree.objects.filter(objet="consultation:essai").order_by("pk")
        actions = list(lignes.values_list("action", flat=True))
    assert [action.removeprefix("consultation.") for action in actions] == [
        "creee", "publiee", "prolongee", "close", "depouillee", "archivee",
    ]  # fmt: skip
    assert annonces == ["publiee", "publiee", "close", "depouillee", "archivee"]
    prolongation = Prolongation.objects.get()
    assert (prolongation.avant, prolongation.motif) == (FERME, "Vacances.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Prolongation.objects.update(motif="Autre.")


def test_published_formulaire_is_frozen_by_the_base_itself(db):
    campagne = publish(create_campagne())

    with pytest.raises(FormulaireFige):
        formulaire.change_formulaire(
            campagne=campagne, geste=lambda d: edition.delete_champ(d, "mot"), libelle="x",
            revision=campagne.revision, **SIGNE,
        )  # fmt: skip
    with pytest.raises(FormulaireFige):
        campagnes.update_campagne(
            campagne=campagne, revision=campagne.revision, perimetre="agents", **SIGNE
        )
    assert campagnes.update_campagne(
        campagne=campagne, revision=campagne.revision, chapo="Mieux dit.", **SIGNE
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Campagne.objects.filter(pk=campagne.pk).update(definition={"pages": []})


def test_publication_says_all_that_is_missing(db):
    vide = create_campagne(
        chapo="", contact="", finalite="", lecteurs="", definition=campagnes.PREMIERE_PAGE,
        ouvre_le=None, ferme_le=None, unite="autorite", anonyme=True, genre="aap",
        population_min=10, population_max=5,
    )  # fmt: skip
    with pytest.raises(PasPubliable) as refus:
        publish(vide)
    assert [d.partition("\N{NO-BREAK SPACE}:")[0] for d in refus.value.defauts] == [
        "Fiche", "Fiche", "Données personnelles", "Données personnelles", "Fiche", "Dates",
        "Périmètre", "Périmètre", "Périmètre", "Questions",
    ]  # fmt: skip
    with pytest.raises(PasPubliable):
        publish(create_campagne("passee", ouvre_le=OUVRE, ferme_le=FERME), APRES)


def test_questions_are_changed_undone_and_locked(db):
    campagne = create_campagne()

    def change(geste, revision=None):
        campagne.refresh_from_db()
        return formulaire.change_formulaire(
            campagne=campagne, geste=geste, libelle="Geste", **SIGNE,
            revision=campagne.revision if revision is None else revision,
        )  # fmt: skip

    avant = campagne.definition
    assert change(lambda d: edition.delete_champ(d, "agents"))
    assert change(lambda d: edition.duplicate_champ(d, "mot")[0])
    with pytest.raises(ModifieAilleurs):
        change(lambda d: edition.move_champ(d, "mot", 1), revision=0)
    with pytest.raises(ErreurMetier, match="pas sa place"):
        change(lambda d: edition.add_champ(d, dans="vous", type_="iban", libelle="IBAN")[0])
    for _ in range(2):
        campagne.refresh_from_db()
        assert formulaire.undo_formulaire(campagne=campagne, revision=campagne.revision, **SIGNE)
    campagne.refresh_from_db()
    assert (campagne.definition, campagne.defaits) == (avant, [])


def test_perimetre_says_who_answers_and_for_whom(collectivite):
    admin = AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte
    instructeur = AdhesionFactory(collectivite=collectivite, role=Role.INSTRUCTEUR).compte
    usager, membre = CompteFactory(), CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=membre, role=RoleProgramme.PARTENAIRE)
    cle = "autorite:commune-92023"

    def read(compte, **champs):
        campagne = Campagne(slug="x", genre="questionnaire", titre="x", **champs)
        return [t.cle.partition(":")[0] for t in list_titres(campagne, compte)]

    assert read(usager) == ["compte"]
    assert read(admin) == ["compte", "autorite"]
    assert read(usager, perimetre="agents") == []
    assert read(instructeur, perimetre="agents") == ["compte"]
    assert (read(membre, perimetre="membres"), read(admin, perimetre="membres")) == (["compte"], [])
    autorites = {"perimetre": "autorites", "unite": "autorite"}
    assert read(instructeur, **autorites) == []
    assert [t.cle for t in list_titres(Campagne(**autorites), admin)] == [cle]
    for refus in (
        {"departements": ["69"]}, {"regions": ["84"]}, {"genres_autorites": ["epci"]},
        {"population_max": 1_000}, {"population_min": 10_000_000},
    ):  # fmt: skip
        assert read(admin, **autorites, **refus) == [], refus
    assert read(admin, **autorites, departements=["92"], regions=["11"]) == ["autorite"]
    Collectivite.objects.filter(pk=collectivite.pk).update(active=False)
    assert read(admin, **autorites) == []


def test_restricted_campagne_shows_only_to_those_who_can_answer(collectivite):
    admin = AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte
    restreinte = publish(
        create_campagne("fermee", acces="restreint", perimetre="autorites", unite="autorite")
    )
    publique = publish(create_campagne("publique", departements=["69"], perimetre="autorites"))
    create_campagne("brouillon")

    assert can_see(restreinte, admin)
    assert not can_see(restreinte, CompteFactory(agent=True))
    assert not can_see(restreinte, None)
    assert list(list_publiques()) == [publique]
    assert list(list_publiques(Criteres(departement="92"))) == []
    assert list(list_publiques(Criteres(departement="69"))) == [publique]


def test_copy_takes_the_questions_and_nothing_of_the_answers(db):
    campagne = publish(create_campagne())
    copie = campagnes.copy_campagne(campagne=campagne, slug="copie", titre="Copie", **SIGNE)

    assert (copie.etat, copie.ouvre_le, copie.definition) == (
        EtatCampagne.BROUILLON, None, campagne.definition,
    )  # fmt: skip
    assert copie.publiee_le is None
    assert T0 < PENDANT


def test_campagne_closes_by_itself_at_its_date_once(db):
    campagne = publish(create_campagne())
    publish(create_campagne("plus-longue", ferme_le=APRES))

    tasks.clore(timestamp=int(FERME.timestamp()) - 1)
    assert Campagne.objects.filter(etat="close").count() == 0
    for _ in range(2):
        tasks.clore(timestamp=int(FERME.timestamp()))
    campagne.refresh_from_db()
    assert (campagne.etat, campagne.close_le) == ("close", FERME)
    with operateur():
        closes = Entree.objects.filter(action="consultation.close").order_by("pk")
        assert list(closes.values_list("objet", "acteur")) == [("consultation:essai", "systeme")]


def test_reponse_of_a_collectivite_opens_to_its_administrators_only(collectivite):
    ada, zoe = (
        AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte
        for _ in range(2)
    )
    campagne = publish(create_campagne(perimetre="autorites", unite="autorite"))
    [titre] = list_titres(campagne, ada)
    reponse = reponses.start_reponse(campagne=campagne, compte=ada, titre=titre, maintenant=PENDANT)
    [meme] = list_titres(campagne, zoe)
    commune = reponses.start_reponse(campagne=campagne, compte=zoe, titre=meme, maintenant=PENDANT)

    antony = CollectiviteFactory(nom="Antony", slug="antony", siren="219200029")
    with locataire(antony.pk):
        voisin = AdhesionFactory(collectivite=antony, role=Role.ADMINISTRATEUR).compte
    assert commune.pk == reponse.pk
    assert (reponse.departement, reponse.genre_autorite) == ("92", "commune")
    assert can_write(reponse, ada)
    assert can_write(reponse, zoe)
    assert not can_write(reponse, voisin)
    assert not can_write(reponse, AdhesionFactory(collectivite=collectivite).compte)

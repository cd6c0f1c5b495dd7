"""Sceller : rien n’est oublié, rien n’est scellé deux fois, et cela va vite."""

import threading
import time

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal import services
from socle.fondations.journal.models import INSTALLATION, Arbre, Entree, Noeud, Tete
from socle.fondations.journal.queries import open_sommet, open_tuiles
from socle.fondations.journal.services import scellement
from socle.fondations.journal.services.controle import list_anomalies
from socle.normes.preuve.merkle import verify_coherence, verify_inclusion
from socle.normes.preuve.points import parse_note_point
from socle.normes.preuve.tuiles import ArbreEnMemoire
from tests.fondations.journal.conftest import (
    CLAMART,
    GRAND_PARIS,
    MAINTENANT,
    force,
    wait_borne,
    write,
)


def _feuilles(collectivite: int) -> list[bytes]:
    """Empreintes dans l’ordre du scellement, lues sans le code à l’essai."""
    with operateur():
        entrees = Entree.objects.filter(collectivite_id=collectivite).order_by("xid", "id")
        return [bytes(entree.empreinte) for entree in entrees]


def test_each_collectivite_has_its_arbre_under_one_signed_point(seal):
    write(3)
    write(2, collectivite=GRAND_PARIS)
    [lot] = seal()

    assert lot.entrees == 6  # et la création de la clé, au journal de l’installation
    point, note = parse_note_point(bytes(lot.note))
    note.verify(services.list_cles())
    assert (point.origine, point.taille) == (services.list_cles()[0].nom, 3)
    with operateur():
        tetes = {tete.collectivite_id: tete for tete in Tete.objects.all()}
        assert {c: t.taille for c, t in tetes.items()} == {
            INSTALLATION: 1,
            GRAND_PARIS: 2,
            CLAMART: 3,
        }
    for collectivite, tete in tetes.items():
        assert bytes(tete.racine) == ArbreEnMemoire(_feuilles(collectivite)).racine
    assert open_sommet().compute_racine(3) == point.racine


def test_nothing_to_seal_makes_no_lot(seal):
    write()
    assert len(seal()) == 1
    assert seal() == []


def test_lots_prolong_each_other(seal):
    for nombre in (1, 4, 300):
        write(nombre)
        seal()
    feuilles = _feuilles(CLAMART)
    with operateur():
        tetes = list(Tete.objects.filter(collectivite_id=CLAMART).order_by("taille"))
        arbre, derniere = open_tuiles(CLAMART), tetes[-1]
        assert [tete.taille for tete in tetes] == [1, 5, 305]
        for tete in tetes:
            preuve = arbre.build_coherence(tete.taille, derniere.taille)
            racines = bytes(tete.racine), bytes(derniere.racine)
            verify_coherence(tete.taille, derniere.taille, preuve, *racines)
        for indice in (0, 1, 4, 255, 256, 304):
            chemin = arbre.build_inclusion(indice, 305)
            verify_inclusion(feuilles[indice], indice, 305, chemin, bytes(derniere.racine))
        assert Noeud.objects.filter(collectivite_id=CLAMART).count() == 1
    assert list_anomalies() == []


def _connect() -> psycopg.Connection:
    base = connection.settings_dict
    return psycopg.connect(
        host=base["HOST"],
        port=base["PORT"] or None,
        dbname=base["NAME"],
        user=base["USER"],
        password=base["PASSWORD"],
    )


def test_entree_of_an_open_transaction_is_never_skipped(seal):
    """Une transaction longue garde son rang : tout attend, puis rien ne manque."""
    write(2)
    with _connect() as longue:
        longue.execute(f"SET LOCAL socle.collectivite = '{CLAMART}'")
        longue.execute("SELECT pg_current_xact_id()")  # elle a son numéro, pas encore d’entrée
        write(3)
        services.load_signataire(maintenant=MAINTENANT)
        lots = services.seal_journal(maintenant=MAINTENANT)
        assert sum(lot.entrees for lot in lots) <= 2
        modele = write_in(longue)
        longue.commit()
    seal()

    with operateur():
        assert Entree.objects.filter(pk=modele).exists()
        assert Arbre.objects.get(pk=CLAMART).taille == 6
        [derniere] = Tete.objects.filter(collectivite_id=CLAMART).order_by("-taille")[:1]
    assert bytes(derniere.racine) == ArbreEnMemoire(_feuilles(CLAMART)).racine
    assert list_anomalies() == []


def write_in(connexion: psycopg.Connection):
    """Écrit une entrée juste dans une autre connexion."""
    entree = services.enregistrement._build_entree(
        services.enregistrement.uuid7(),
        "dossier.depose", "dossier:9", "usager:3", CLAMART, MAINTENANT, {}, {},
    )  # fmt: skip
    connexion.execute(
        services.enregistrement._AJOUT,
        [
            entree.id, CLAMART, entree.action, entree.objet, entree.acteur, MAINTENANT, "{}", "{}",
            entree.empreinte,
        ],
    )  # fmt: skip
    return entree.id


def test_entree_rolled_back_leaves_no_trace(seal):
    write()
    with _connect() as annulee:
        annulee.execute(f"SET LOCAL socle.collectivite = '{CLAMART}'")
        write_in(annulee)
        annulee.rollback()
    write()
    seal()
    with operateur():
        assert Arbre.objects.get(pk=CLAMART).taille == 2


def test_lots_are_bounded_but_never_cut_a_transaction(seal, monkeypatch):
    monkeypatch.setattr(scellement, "ENTREES_PAR_LOT", 3)
    services.load_signataire(maintenant=MAINTENANT)
    write(2)
    with _connect() as grosse:
        grosse.execute(f"SET LOCAL socle.collectivite = '{CLAMART}'")
        for _ in range(7):
            write_in(grosse)
        grosse.commit()
    write(4)
    lots = seal()

    assert [lot.entrees for lot in lots] == [3, 7, 3, 1]
    assert list_anomalies() == []


def test_two_sealings_at_once_seal_once(seal, django_db_blocker):
    write(50)
    services.load_signataire(maintenant=MAINTENANT)
    wait_borne()
    faits: list[int] = []

    def run() -> None:
        with django_db_blocker.unblock():
            faits.extend(lot.entrees for lot in services.seal_journal(maintenant=MAINTENANT))
            connection.close()

    fils = [threading.Thread(target=run) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sum(faits) == 51
    assert list_anomalies() == []


def test_entrees_from_another_system_are_sealed_apart(seal, proprietaire):
    """Après une restauration ailleurs, les numéros de transaction repartent de plus bas."""
    write(3)
    seal()
    write(2)
    for table, suite in (
        ("journal_entree", ", xid = xid + 1000000"),
        ("journal_lot", ", xid_debut = xid_debut + 1000000, xid_fin = xid_fin + 1000000"),
    ):
        with force(proprietaire):
            proprietaire.execute(f"UPDATE {table} SET systeme = systeme - 1{suite}")
    write(4)
    lots = seal()

    assert [lot.entrees for lot in lots] == [2, 4]
    assert lots[0].systeme == lots[1].systeme - 1
    assert lots[1].xid_fin < lots[0].xid_fin  # le piège : la nouvelle instance compte de plus bas
    with operateur():
        assert Arbre.objects.get(pk=CLAMART).taille == 9
    assert list_anomalies() == []
    write()
    assert [lot.entrees for lot in seal()] == [1]


def test_anomalies_are_found(seal, proprietaire):
    write(3)
    write(2, collectivite=GRAND_PARIS)
    seal()
    assert list_anomalies() == []
    for instruction, attendu in (
        ("UPDATE journal_entree SET acteur = 'agent:99' WHERE collectivite_id = 17", "modifiée"),
        ("DELETE FROM journal_entree WHERE collectivite_id = 4", "ne se refait pas"),
        ("UPDATE journal_tete SET taille = taille + 1 WHERE collectivite_id = 17", "sommet"),
    ):
        with force(proprietaire):
            proprietaire.execute(instruction)
        assert any(attendu in anomalie for anomalie in list_anomalies()), attendu


def test_commande_sceller_seals_and_checks(seal, capsys):
    write(2)
    services.load_signataire(maintenant=MAINTENANT)
    wait_borne()
    call_command("sceller", "--verifier")
    sortie = capsys.readouterr().out
    assert "3 entrée(s) scellée(s)" in sortie
    assert "Le journal est entier." in sortie


def _fill(proprietaire, nombre: int) -> None:
    """Remplit le journal en masse, comme l’application l’aurait fait."""
    with (
        proprietaire.cursor() as curseur,
        curseur.copy(
            "COPY journal_entree (id, collectivite_id, action, objet, acteur, survenu_le, donnees,"
            " engagements, empreinte) FROM STDIN"
        ) as flux,
    ):
        for rang in range(nombre):
            entree = services.enregistrement._build_entree(
                services.enregistrement.uuid7(),
                "dossier.depose", f"dossier:{rang}", "usager:3", 1 + rang % 300, MAINTENANT,
                {"canal": "en_ligne"}, {},
            )  # fmt: skip
            flux.write_row(
                (
                    entree.id, entree.collectivite_id, entree.action, entree.objet, entree.acteur,
                    MAINTENANT, '{"canal":"en_ligne"}', "{}", entree.empreinte,
                )
            )  # fmt: skip


@pytest.mark.lent
@pytest.mark.timeout(120)
def test_hundred_thousand_entrees_are_sealed_under_five_seconds(seal, proprietaire):
    _fill(proprietaire, 100_000)
    services.load_signataire(maintenant=MAINTENANT)
    wait_borne()
    debut = time.perf_counter()
    [lot] = services.seal_journal(maintenant=MAINTENANT)
    duree = time.perf_counter() - debut

    assert lot.entrees == 100_001
    assert duree < 5, f"{duree:.2f} s"
    assert list_anomalies() == []


def test_sealing_takes_a_constant_number_of_instructions(seal):
    nombres = []
    for nombre in (2, 40):
        write(nombre)
        write(nombre, collectivite=GRAND_PARIS)
        wait_borne()
        with CaptureQueriesContext(connection) as requetes:
            services.seal_journal(maintenant=MAINTENANT)
        nombres.append(len(requetes))
    assert nombres[1] <= nombres[0]

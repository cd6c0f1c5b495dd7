"""Un appel et ses dates ; ce que chaque geste refuse et écrit ; l’import, les doubles."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.tableur import FichierRefuse
from socle.fondations.journal.models import INSTALLATION, Entree
from socle.metiers.appels.enums import EtatAppel
from socle.metiers.appels.errors import (
    AdresseDejaPrise,
    AppelIncomplet,
    DateInchangee,
    EtatImpossible,
    ReunionImpossible,
)
from socle.metiers.appels.forms.importation import read_appels
from socle.metiers.appels.models import Appel, DateAppel
from socle.metiers.appels.queries.doubles import compare, write_valeur
from socle.metiers.appels.queries.lignes import describe_etat, describe_report
from socle.metiers.appels.services.appels import (
    Cloture,
    change_cloture,
    change_etat,
    close_echus,
    update_appel,
)
from socle.metiers.appels.services.importation import import_appels, part_appels, unify_appels
from tests.metiers.appels.fabrique import AUJOURDHUI, COMMUN, FICHE, MAINTENANT, propose, relay

pytestmark = pytest.mark.django_db
LIGNE = {cle: FICHE[cle] for cle in ("titre", "organisateur", "genre", "source")}


def list_actions(appel: Appel) -> list[str]:
    with locataire(INSTALLATION):
        lues = Entree.objects.filter(objet=appel.objet).order_by("pk")
        return list(lues.values_list("action", flat=True))


def test_call_goes_from_proposed_to_archived_and_back_with_one_journal_row_each():
    appel = propose()
    for geste in ("relayer", "relayer", "clore", "archiver", "reprendre"):
        appel = change_etat(appel=appel, geste=geste, motif="Fini.", **COMMUN)

    assert appel.etat == EtatAppel.PROPOSE
    assert appel.verifie_le == AUJOURDHUI
    assert list_actions(appel) == ["appel.propose", *["appel.etat_change"] * 4]
    with pytest.raises(EtatImpossible):
        change_etat(appel=appel, geste="clore", **COMMUN)


def test_incomplete_proposal_is_not_relayed():
    for manque in ({"resume": ""}, {"themes": []}, {"lien": ""}):
        appel = propose(titre=f"Sans {manque}", **manque)
        with pytest.raises(AppelIncomplet):
            change_etat(appel=appel, geste="relayer", **COMMUN)


def test_postponed_closing_keeps_its_history_and_reopens_the_call():
    appel = relay(jour=date(2026, 11, 10))
    assert close_echus(aujourdhui=AUJOURDHUI, maintenant=MAINTENANT) == 1
    assert close_echus(aujourdhui=AUJOURDHUI, maintenant=MAINTENANT) == 0

    report = Cloture(surete="connue", jour=date(2027, 1, 15))
    appel = change_cloture(appel=appel, cloture=report, motif="Un mois de plus.", **COMMUN)

    assert appel.etat == EtatAppel.RELAYE
    assert "10\u00a0nov. 2026" in describe_report(appel)
    dates = list(DateAppel.objects.filter(appel=appel).order_by("rang"))
    assert [(d.rang, d.jour, d.motif) for d in dates] == [
        (1, date(2026, 11, 10), ""),
        (2, date(2027, 1, 15), "Un mois de plus."),
    ]
    with pytest.raises(DateInchangee):
        change_cloture(appel=appel, cloture=report, motif="Encore.", **COMMUN)


@pytest.mark.parametrize(
    ("fiche", "mot"),
    [
        ({"jour": date(2026, 11, 20)}, "Clos"),
        ({"jour": AUJOURDHUI}, "Dernier jour"),
        ({"jour": date(2026, 11, 22)}, "Clôt demain"),
        ({"jour": date(2026, 12, 1)}, "Clôt dans 10 jours"),
        ({"jour": date(2027, 6, 1)}, "Ouvert"),
        ({"jour": date(2027, 6, 1), "ouverture": date(2027, 1, 1)}, "Pas encore ouvert"),
        ({"jour": date(2026, 11, 1), "surete": "estimee"}, "Clôture à confirmer"),
        ({"jour": None, "surete": "continue"}, "Ouvert"),
    ],
)
def test_state_of_a_call_is_said_in_one_word(fiche, mot):
    assert describe_etat(relay(**fiche), AUJOURDHUI).label == mot


def test_address_is_free_reserved_or_refused():
    assert propose(titre="Octrois", lien="").slug == "octrois-2"  # « octrois » est une page
    assert [propose(titre="Un été").slug for _ in range(2)] == ["un-ete", "un-ete-2"]
    with pytest.raises(AdresseDejaPrise):
        propose(slug="un-ete")


def test_archived_call_and_unchanged_sheet_change_nothing():
    appel = propose()
    assert update_appel(appel=appel, titre=appel.titre, **COMMUN).revision == 0
    archive = change_etat(appel=appel, geste="archiver", motif="Non.", **COMMUN)
    with pytest.raises(EtatImpossible):
        update_appel(appel=archive, titre="Autre", **COMMUN)


@pytest.mark.parametrize(
    "valeurs",
    [
        {"surete": "connue", "cloture": None},
        {"montant_min": 10, "montant_max": 5},
        {"population_min": 10, "population_max": 5},
        {"taux": 101},
        {"etat": "relaye", "relaye_le": None},
    ],
)
def test_table_defends_itself(valeurs):
    appel = propose()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appel.objects.filter(pk=appel.pk).update(**valeurs)


# L’import et les doubles -------------------------------------------------------------------------
def write_csv(*lignes: dict[str, str]) -> bytes:
    colonnes = list(dict.fromkeys(cle for ligne in lignes for cle in ligne))
    textes = [";".join(ligne.get(c, "") for c in colonnes) for ligne in lignes]
    return "\n".join([";".join(colonnes), *textes]).encode()


@pytest.mark.parametrize("genre", ["csv", "json"])
def test_import_makes_proposals_and_the_same_file_twice_adds_nothing(genre):
    ligne = LIGNE | {"surete": "connue", "cloture": "2036-03-01", "montant_max": "1500.50"}
    if genre == "csv":
        contenu = write_csv(ligne | {"themes": "donnees | securite", "territoires": "dep-92"})
    else:
        listes = {"themes": ["donnees", "securite"], "territoires": ["dep-92"]}
        contenu = json.dumps({"appels": [ligne | listes]}).encode()

    assert import_appels(lignes=read_appels(contenu), **COMMUN) == (1, 0)
    assert import_appels(lignes=read_appels(contenu), **COMMUN) == (0, 0)
    appel = Appel.objects.get()
    assert (appel.etat, appel.themes, appel.territoires) == (
        EtatAppel.PROPOSE, ["donnees", "securite"], ["dep-92"],
    )  # fmt: skip


BOMBE = b"[" * 100_000
HOSTILES = {
    "colonne inconnue": (write_csv(LIGNE | {"surete": "continue", "x": "1"}), "x"),
    "colonne absente": (b"titre;genre\nA;aap", "organisateur"),
    "date fausse": (write_csv(LIGNE | {"surete": "connue", "cloture": "31/31/2027"}), "Ligne 2"),
    "date oubliée": (write_csv(LIGNE | {"surete": "connue"}), "cloture"),
    "lien piégé": (write_csv(LIGNE | {"surete": "continue", "lien": "javascript:x"}), "lien"),
    "territoire faux": (
        write_csv(LIGNE | {"surete": "continue", "territoires": "x"}),
        "territoires",
    ),
    "trop de lignes": (write_csv(*[LIGNE | {"surete": "continue"}] * 501), "500"),
    "latin-1": ("titre;é".encode("latin-1"), "UTF-8"),
    "nul": (b"titre\x00;x\na;b", "texte"),
    "guillemets": (b'titre;organisateur;genre;source;surete\n"a;b', "guillemets"),
    "json profond": (BOMBE, "JSON"),
    "json sans liste": (b'{"appels": {}}', "liste"),
    "json clé inconnue": (b'[{"titre": "a", "x": 1}]', "x"),
    "json valeur profonde": (b'[{"titre": {"a": 1}}]', "titre"),
    "json non objet": (b'["a"]', "objet"),
    "json moitié de signe": (rb'[{"titre": "a\ud800"}]', "titre"),
    "json nul dans une liste": (rb'[{"themes": ["a", "b\u0000"]}]', "themes"),
}


@pytest.mark.parametrize("nom", HOSTILES)
def test_hostile_file_is_refused_line_by_line(nom):
    contenu, mot = HOSTILES[nom]
    with pytest.raises(FichierRefuse) as refus:
        read_appels(contenu)
    assert mot in " ".join(refus.value.fautes)
    assert len(refus.value.fautes) <= 51


def test_differences_are_written_in_plain_words():
    for champ, valeur, texte in (
        ("montant_max", Decimal(15_000), "15 000 €"),
        ("taux", Decimal(80), "80 %"),
        ("population_max", 3_499, "3 499 habitants"),
        ("ouverture", date(2026, 11, 2), "2 novembre 2026"),
        ("themes", ["services"], "Services en ligne"),
        ("genres", ["commune"], "Commune"),
        ("territoires", ["dep-92"], "Hauts-de-Seine"),
        ("enveloppe", None, "rien"),
    ):
        assert " ".join(write_valeur(champ, valeur).split()) == texte, champ


def test_duplicate_is_named_then_a_person_merges_or_parts_them():
    garde = relay(contact="")
    double = propose(titre="AIDE  aux sites", contact="guichet@exemple.fr")
    autre = propose(titre="Aide aux sites", lien="https://exemple.fr/autre")
    assert (double.ressemble, autre.ressemble) == (garde, garde)

    [contact] = compare(garde, double, ("contact", "surete"))
    assert (contact["garde"], contact["double"], contact["vide"]) == (
        "rien", "guichet@exemple.fr", True,
    )  # fmt: skip
    assert part_appels(appel=autre, **COMMUN).ressemble is None
    reuni = unify_appels(garde=garde, double=double, pris_au_double=["contact", "etat"], **COMMUN)

    double.refresh_from_db()
    assert (reuni.contact, reuni.etat) == ("guichet@exemple.fr", EtatAppel.RELAYE)
    assert (double.etat, double.reuni_dans) == (EtatAppel.ARCHIVE, garde)
    with pytest.raises(ReunionImpossible):
        unify_appels(garde=garde, double=double, pris_au_double=[], **COMMUN)
    with pytest.raises(EtatImpossible):
        change_etat(appel=double, geste="reprendre", **COMMUN)

"""Les bancs d’essai joués par le contrôle de « Vérifier un fichier », dans son vrai ouvrier."""

import tempfile
from datetime import timedelta

import pytest

from socle.liaisons.verification_vers_catalogue import (
    BANCS,
    EssaiSansConclusion,
    build_rapport,
)
from socle.metiers.catalogue.errors import FichierRefuse
from socle.metiers.catalogue.forms.suivi import EssaiForm
from socle.metiers.catalogue.ports import Piece, Rapport, bancs
from socle.metiers.catalogue.services import editeurs
from socle.metiers.verification.services import rapport as controle
from socle.normes.decp.ecriture import write_json
from socle.normes.scdl.definitions import CODES
from tests.metiers.catalogue.conftest import (  # noqa: F401  fixtures
    MAINTENANT,
    catalogue,
    publik,
    representant,
)
from tests.metiers.verification.fichiers import build_deliberations
from tests.normes.actes.fabrique import build_depot
from tests.normes.bal.fabrique import build_fichier
from tests.normes.decp.fabrique import CONTRATS

DELIBERATIONS = "scdl:scdl/deliberations"


@pytest.fixture(autouse=True)
def atelier_a_soi(monkeypatch, tmp_path_factory) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("atelier")))


def play(code: str, octets: bytes, nom: str) -> Rapport:
    return BANCS[code].run(Piece(octets, nom))


def test_export_has_one_public_status_per_schema(client, publik, representant):  # noqa: F811
    version = editeurs.add_version(solution=publik, numero="1.0", sortie_le=None, notes="",
                                   agent=representant, maintenant=MAINTENANT)  # fmt: skip
    commun = {"version": version, "nom_fichier": "export.csv", "agent": representant,
              "maintenant": MAINTENANT}  # fmt: skip
    with pytest.raises(FichierRefuse):  # un banc à schémas en demande un
        editeurs.run_essai(banc="scdl", octets=b"a,b\n1,2\n", **commun)

    fautif = build_deliberations("21/11/2026", "22/11/2026", "2026-11-23")
    essai = editeurs.run_essai(banc=DELIBERATIONS, octets=fautif, **commun)

    assert essai.statut == "non_conforme"
    enfreinte = next(c for c in essai.constats if c["respectee"] is False)
    assert enfreinte["regle"].endswith("colonne DELIB_DATE.")
    assert enfreinte["detail"] == "Ligne 2. Écrivez 2026-11-21. 2 fois en tout."
    editeurs.run_essai(banc="scdl:scdl/prenoms", octets=fautif, **commun)
    bon = build_deliberations("2026-11-21")
    commun["maintenant"] += timedelta(hours=1)
    juste = editeurs.run_essai(banc=DELIBERATIONS, octets=bon, **commun)
    assert juste.statut in {"conforme", "a_ameliorer"}
    page = client.get("/catalogue/editeurs/entrouvert/").text
    assert "Tableau de données ouvertes : Délibérations adoptées" in page
    assert "Tableau de données ouvertes : Prénoms des nouveau-nés" in page  # chacun a son statut
    assert "Écrivez 2026-11-21." not in page  # le dernier essai fait foi


def test_every_schema_is_offered_and_a_stopped_trial_judges_nobody():
    offerts = dict(EssaiForm().fields["banc"].choices)
    assert {f"scdl:{code}" for code in CODES} | {"bal", "decp", "actes"} <= set(offerts)
    assert "scdl" not in offerts
    assert max(map(len, offerts)) <= 80
    assert {"publiccode", "seda", "franceconnect", "api"} <= set(bancs)
    faute = controle.Faute("Fichier", None, "", "trop-long", "", "Arrêté.", "")
    with pytest.raises(EssaiSansConclusion):
        build_rapport(controle.Rapport("t", "f", None, {}, fautes=[faute]))


@pytest.mark.lent
def test_addresses_contracts_and_acts_are_judged_by_their_engine():
    depot = build_depot()
    bons = {
        "bal": (build_fichier({}), "bal.csv"),
        "decp": (write_json(CONTRATS), "decp.json"),
        "actes": (depot.octets, depot.nom),
    }
    for code, (octets, nom) in bons.items():
        rapport = play(code, octets, nom)
        assert rapport.statut != "non_conforme", (code, rapport)
        assert play(code, octets[: len(octets) // 2], nom).statut == "non_conforme", code
        assert play(code, b"\0\xff rien", nom).statut == "non_conforme", code

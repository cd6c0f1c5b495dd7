"""Le processus borné : ce qu’un fichier piégé peut prendre, et ce qu’il reste après lui."""

import os
import subprocess
import sys
import time

import pytest

from socle.metiers.verification.enums import Geste
from socle.metiers.verification.errors import FichierTropLourd, OutilOccupe
from socle.metiers.verification.ports import LIMITES, Limites
from socle.metiers.verification.services import controle, ouvrier
from socle.metiers.verification.services.controle import check_fichier
from socle.metiers.verification.services.sac import open_octets, pack_octets
from tests.metiers.verification.fichiers import (
    BAL,
    build_bombe,
    build_deliberations,
    build_tar,
    build_zip,
)
from tests.normes.bal.fabrique import build_fichier
from tests.normes.preuve.fabrique import build_dossier
from tests.normes.seda.fabrique import write_paquet

RIRES = (
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "&x;&x;">'
    + b"".join(b'<!ENTITY z%d "%s">' % (r, b"&y;" * 50 if r == 0 else b"&z%d;" % (r - 1) * 50)
               for r in range(8))
    + b"]><a>&z7;</a>"
)  # fmt: skip


class Recu:
    """Un fichier reçu, en morceaux."""

    def __init__(self, *morceaux: bytes) -> None:
        self.morceaux = morceaux

    def chunks(self):
        return iter(self.morceaux)


def play(code: str, limites: Limites, dossier, monkeypatch) -> dict:
    monkeypatch.setattr(ouvrier, "COMMANDE", (*ouvrier.COMMANDE[:1], "-c", code))
    return ouvrier.run_verbe([], dossier=dossier, limites=limites)["refus"]["code"]


def test_a_lost_child_gives_a_report(tmp_path, monkeypatch):
    """Trop long, trop gros, tué, muet : un refus en français, et l’enfant n’est plus là."""
    monkeypatch.setattr(ouvrier, "DEMARRAGE", 0.5)
    dort = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    assert play(dort, Limites(secondes=0), tmp_path, monkeypatch) == "trop-long"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text() or "999999999"), 0)
    for code, attendu in {
        "import os; os.kill(os.getpid(), 24)": "trop-long",
        "import os; os.abort()": "trop-gros",
        "raise SystemExit(1)": "illisible",
        "print('pas du JSON')": "illisible",
    }.items():
        assert play(code, LIMITES, tmp_path, monkeypatch) == attendu, code


def test_no_secret_and_no_place_too_many(tmp_path, monkeypatch):
    monkeypatch.setenv("SOCLE_SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "secret")
    assert "secret" not in ouvrier.build_environnement(tmp_path).values()
    monkeypatch.setattr(ouvrier, "ATTENTE_PLACE", 0)
    monkeypatch.setattr(ouvrier, "get_atelier", lambda: tmp_path)
    with ouvrier.take_place(1):
        with pytest.raises(OutilOccupe), ouvrier.take_place(1):
            pass
        with ouvrier.take_place(2):
            pass
    with ouvrier.take_place(1):
        pass


def test_nothing_stays_after_a_refusal_nor_after_a_crash(tmp_path, monkeypatch):
    monkeypatch.setattr(controle, "get_atelier", lambda: tmp_path)
    with pytest.raises(FichierTropLourd, match=r"1.Ko"):
        check_fichier(fichier=Recu(b"x" * 900, b"x" * 900), nom="a.csv", limites=Limites(1000))
    assert list(tmp_path.iterdir()) == []
    for nom, age in (("vieux", 3600), ("jeune", 1)):
        (tmp_path / nom).mkdir()
        (tmp_path / nom / "reste.csv").write_bytes(b"x")
        os.utime(tmp_path / nom, (time.time() - age,) * 2)
    with controle.open_dossier():
        assert not (tmp_path / "vieux").exists()
    assert [reste.name for reste in tmp_path.iterdir()] == ["jeune"]


def test_bag_of_the_page_is_bounded():
    octets = os.urandom(1000)
    assert open_octets(pack_octets(octets)) == octets
    assert pack_octets(os.urandom(5_000_000)) == ""


def test_web_server_loads_no_engine_to_recognise_files():
    lus = "import sys, socle.metiers.verification.services.verificateurs as v; v.CONNUS"
    code = f"{lus}; sys.exit('polars' in sys.modules or 'lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", code], check=False).returncode == 0


@pytest.mark.lent
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("nom", "contenu"),
    [
        ("deliberations.csv", build_deliberations() + b"x" * 10_000_000),
        ("deliberations.csv", b",".join(b"c%d" % rang for rang in range(100_000))),
        ("deliberations.csv", build_deliberations() + b"\0" * 1000),
        ("bal.csv", BAL.encode() + b"\xed\xa0\x80;" * 100_000),
        ("prenoms.xlsx", build_zip("xl/workbook.xml", contenu=b"<!DOCTYPE a>" + b"&a;" * 1000)),
        ("publiccode.yml", b"a: &a [x,x,x]\nb: &b [*a,*a,*a]\n" * 1000),
        ("preuve.zip", build_zip("sommaire.json", "sommaire.note", "../../x")),
        ("sip.zip", build_zip("manifest.xml", "../../x", contenu=RIRES)),
        ("EACT--210600730--20180115-1.xml", RIRES),
        ("EACT--210600730--20180115-1.tar.gz", build_tar("../../x", "/etc/passwd")),
        ("decp.xml", RIRES.replace(b"<a>", b"<marches>")),
        ("decp.json", b'{"marches":' + b"[" * 1_000_000),
        ("prenoms.ods", lambda: build_bombe("content.xml")),
        ("bombe.zip", lambda: build_bombe("manifest.xml")),
    ],
)
def test_hostile_files_give_a_report(nom, contenu):
    octets = contenu() if callable(contenu) else contenu
    for geste in (Geste.VERIFIER, Geste.CORRIGER):
        if geste == Geste.CORRIGER and not nom.endswith(
            (".csv", ".xlsx", ".ods", "decp.json", "decp.xml")
        ):
            continue
        debut = time.monotonic()
        lu = check_fichier(fichier=Recu(octets), nom=nom, geste=geste)
        assert not lu.rapport.valide
        assert lu.rapport.fautes
        assert all(faute.message for faute in lu.rapport.fautes)
        assert time.monotonic() - debut < LIMITES.secondes + ouvrier.DEMARRAGE + 5


@pytest.mark.lent
def test_whole_files_are_accepted_and_an_address_base_is_mended(tmp_path):
    """D’un bout à l’autre, par le vrai processus : versement, dossier de preuve, base adresses."""
    paquet = tmp_path / "sip.zip"
    write_paquet(paquet)
    for nom, octets, norme in (
        ("sip.zip", paquet.read_bytes(), "seda"),
        ("preuve.zip", build_dossier(), "preuve"),
        ("bal.csv", build_fichier(), "bal"),
    ):
        lu = check_fichier(fichier=Recu(octets), nom=nom)
        assert (lu.nature.verificateur.norme, lu.rapport.valide) == (norme, True), nom
        assert lu.rapport.fautes == []

    fautive = build_fichier({"x": "539416,13"})
    lu = check_fichier(fichier=Recu(fautive), nom="bal.csv", geste=Geste.CORRIGER)
    assert (lu.corrige, lu.nom_corrige) == (build_fichier(), "bal_corrige.csv")
    assert lu.rapport.valide


@pytest.mark.lent
@pytest.mark.timeout(120)
def test_many_faults_are_bounded_and_all_counted():
    lu = check_fichier(fichier=Recu(build_deliberations(*["31/02/2026"] * 30_000)), nom="d.csv")
    assert lu.rapport.nombre == 30_000
    assert len(lu.rapport.fautes) == LIMITES.gardees
    assert lu.rapport.tronque
    assert lu.rapport.colonnes == [("DELIB_DATE", LIMITES.gardees, "Date incorrecte")]

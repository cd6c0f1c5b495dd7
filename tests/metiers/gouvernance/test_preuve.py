"""Le dossier de preuve d’une décision, pris sur sa page publique et vérifié hors ligne."""

import io
import zipfile
from datetime import timedelta

from socle.fondations.commun.locataire import locataire
from socle.fondations.journal import services as journal
from socle.metiers.gouvernance.enums import College, EtatDecision, NatureInstance, Sens
from socle.metiers.gouvernance.services import decisions, votes
from socle.serveur.preuve import main as verifier
from tests.fondations.journal.conftest import base_vive, proprietaire, wait_borne
from tests.metiers.dossiers.test_preuve import base_remise
from tests.metiers.gouvernance.conftest import SYSTEME, create_instance, create_siege

__all__ = ["base_remise", "base_vive", "proprietaire"]


def take_decision(maintenant):
    """Décision prise par deux collèges d’un siège chacun."""
    cos = create_instance(maintenant, "cos", NatureInstance.POLITIQUE)
    sieges = [
        create_siege(maintenant, cos, college, college.label)
        for college in (College.COLLECTIVITES, College.ETAT)
    ]
    decision = decisions.propose_decision(
        instance=cos, titre="Objet", texte="Le texte.", acteur=SYSTEME, maintenant=maintenant
    )
    decision = decisions.freeze_decision(
        decision=decision, acteur=SYSTEME, maintenant=maintenant,
        cloture_le=maintenant + timedelta(days=3),
    )  # fmt: skip
    for siege in sieges:
        decision = votes.cast_vote(
            decision=decision, siege=siege, compte=siege.titulaire, sens=Sens.POUR,
            empreinte=decisions.get_version(decision).empreinte, maintenant=maintenant,
        )  # fmt: skip
    return decision


def test_proof_of_a_decision_verifies_offline(base_remise, client, maintenant, tmp_path, capsys):
    with locataire(None):
        decision = take_decision(maintenant)
    assert decision.etat == EtatDecision.PRISE
    assert client.get(f"/decisions/{decision.numero}/preuve.zip").status_code == 409  # pas scellé
    wait_borne()
    journal.seal_journal(maintenant=maintenant)

    reponse = client.get(f"/decisions/{decision.numero}/preuve.zip")

    fichier, cle = tmp_path / "preuve.zip", tmp_path / "cle.txt"
    fichier.write_bytes(reponse.content)
    cle.write_text("".join(f"{c.to_texte()}\n" for c in journal.list_cles()))
    assert verifier(["verifier", str(fichier), "--cle", str(cle)]) == 0
    assert "tous rattachés au journal" in capsys.readouterr().out
    with zipfile.ZipFile(io.BytesIO(reponse.content)) as archive:
        lues = {nom: archive.read(nom) for nom in archive.namelist()}
    texte = client.get(f"/decisions/{decision.numero}/texte.txt").content
    assert lues[f"documents/decision-{decision.numero}.txt"] == texte
    tout = b"".join(lues.values())
    assert tout.count(b"decision.college_valide") == 2
    assert tout.count(b"decision.prise") == 1

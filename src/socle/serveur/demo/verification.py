"""Ce que la démonstration vérifie hors du site : versement d’archives et dossier de preuve."""

import contextlib
import io

from socle.serveur.demo.agent import BASE, log_in
from socle.serveur.demo.contexte import Contexte
from socle.serveur.demo.etat import read_etat
from socle.serveur.demo.usager import find_document, wait_for
from socle.serveur.errors import ErreurServeur

PAQUET = "Télécharger le paquet"


def check_sip(contexte: Contexte) -> str:
    """Attend le versement, le télécharge en archiviste, et rejoue les contrôles SEDA.

    Le schéma officiel sert s’il est chargé (« gerer charger_seda ») ; sinon la ligne le dit.
    """
    from socle.normes.seda.controles import check_sip as check
    from socle.normes.seda.controles import load_schema
    from socle.normes.seda.emplacement import find_schema

    navigateur = log_in(contexte, "archiviste")
    numero = read_etat(contexte)["numero"]
    wait_for(navigateur, f"{BASE}/archives/", f"-{numero}")
    wait_for(navigateur, navigateur.find_href(f"-{numero}/"), PAQUET)
    lien = find_document(navigateur, PAQUET)
    fichier = navigateur.download(lien, contexte.dossier / "versement.zip")
    schema = find_schema(contexte.installation.dossier.chemin)
    rapport = check(fichier, schema=load_schema(schema) if schema else None)
    if not rapport.is_acceptable:
        defaut = next(rapport.iter_defauts())
        raise ErreurServeur(
            f"Le versement est refusé par ses contrôles : {fichier}\n{defaut.message}"
        )
    contexte.sorties["sip_zip"] = str(fichier)
    moyen = "schéma officiel et contrôles" if schema else "nos contrôles, sans le schéma officiel"
    return f"{fichier} ({moyen})"


def check_preuve(contexte: Contexte) -> str:
    """Scelle le journal, télécharge le dossier de preuve et le vérifie hors ligne."""
    from socle.serveur.preuve import main as verify

    contexte.run_django("sceller")
    navigateur = log_in(contexte, "instructrice")
    numero = read_etat(contexte)["numero"]
    fichier = navigateur.download(
        f"{BASE}/dossiers/{numero}/preuve.zip", contexte.dossier / "preuve.zip"
    )
    with contextlib.redirect_stdout(io.StringIO()) as rapport:
        statut = verify(["verifier", str(fichier)])
    (contexte.dossier / "preuve-verification.txt").write_text(rapport.getvalue())
    if statut != 0:
        raise ErreurServeur(f"Le dossier de preuve n’est pas intact : {fichier}")
    contexte.sorties["preuve_zip"] = str(fichier)
    return str(fichier)

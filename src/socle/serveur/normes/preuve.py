"""Verbe de `./socle normes preuve` : controler, comme `./socle preuve verifier` sans clé connue."""

from pathlib import Path
from typing import Any

from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.rapport import Etape, Etat, Rapport
from socle.normes.preuve.verification import verify_dossier_de_preuve
from socle.serveur.arguments import UsageIncorrect
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat, Verbe
from socle.serveur.preuve import check_fichier

STATUTS = {
    Etat.CONFORME: "OK", Etat.RESERVE: "WARNING", Etat.FAUTE: "KO", Etat.NON_FAITE: "NON_FAIT",
}  # fmt: skip


def run_controler(options: Any, _avance: Avance) -> Resultat:
    """Vérifie un dossier de preuve avec les clés qu’il porte."""
    try:
        check_fichier(options.fichier)
        rapport = verify_dossier_de_preuve(options.fichier)
    except (PreuveInvalide, UsageIncorrect) as refus:
        raise Inutilisable(str(refus), code="illisible") from refus
    return build_resultat(rapport, options.fichier)


def build_resultat(rapport: Rapport, fichier: Path) -> Resultat:
    """Met un rapport en phrases ; une étape est un événement."""
    faute = rapport.faute
    return Resultat(
        objet={
            "norme": "preuve", "fichier": fichier.name, "valide": rapport.integre,
            "cle_verifiee": rapport.cle_verifiee, "cle": rapport.cle,
            "empreinte": rapport.empreinte, "objets": list(rapport.objets),
            "erreurs": [_to_json(faute)] if faute else [],
            "avertissements": [_to_json(etape) for etape in rapport.reserves],
            "evenements": [
                {"code": e.nom, "statut": STATUTS[e.etat], "message": e.message, "lieu": ""}
                for e in rapport.etapes
            ],
        },
        valide=rapport.integre,
        phrases=_say(rapport),
        fautes=[(faute.nom, "preuve", faute.message)] if faute else [],
        notes=[(etape.nom, "reserve", etape.message) for etape in rapport.reserves],
    )  # fmt: skip


def _say(rapport: Rapport) -> list[str]:
    if not rapport.integre:
        return ["Ce dossier ne prouve rien en l’état."]
    return [
        f"Dossier entier : {', '.join(rapport.objets)}.",
        f"Empreinte de la clé : {rapport.empreinte}. Comparez-la avec celle que publie la "
        "collectivité : le dossier ne prouve que ce que cette clé a signé.",
    ]


def _to_json(etape: Etape) -> dict[str, Any]:
    return {
        "ligne": None, "champ": None, "code": str(etape.etat), "nom": etape.nom,
        "message": etape.message, "cellule": None,
    }  # fmt: skip


VERBES = {"controler": Verbe("vérifie un dossier de preuve", run_controler)}

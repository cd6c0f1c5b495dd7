"""Verbe de `./socle normes publiccode` : valider."""

from typing import Any

from socle.normes.publiccode.errors import PubliccodeIllisible
from socle.normes.publiccode.lecture import TAILLE_MAX, read_publiccode
from socle.normes.publiccode.validation import Anomalie, Gravite, check_publiccode
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat, Verbe, count

NOMS = {
    "obligatoire": "Clé obligatoire absente", "forme": "Forme inattendue",
    "valeur": "Valeur hors de la liste", "longueur": "Texte trop court ou trop long",
    "date": "Date incorrecte", "adresse": "Adresse incorrecte", "licence": "Licence à vérifier",
    "inconnue": "Clé inconnue", "version": "Version inconnue", "langue": "Langue inconnue",
    "courriel": "Courriel incorrect", "html": "Balises interdites",
}  # fmt: skip


def run_valider(options: Any, _avance: Avance) -> Resultat:
    """Contrôle la fiche d’un logiciel public."""
    with options.fichier.open("rb") as flux:
        octets = flux.read(TAILLE_MAX + 1)
    try:
        donnees = read_publiccode(octets)
    except PubliccodeIllisible as refus:
        raise Inutilisable(str(refus), code="illisible") from refus
    anomalies = check_publiccode(donnees)
    erreurs = [a for a in anomalies if a.gravite == Gravite.ERREUR]
    conseils = [a for a in anomalies if a.gravite != Gravite.ERREUR]
    version = str(donnees.get("publiccodeYmlVersion", ""))[:10]
    verdict = f"{count(len(erreurs), 'erreur')} dans la fiche." if erreurs else "Valide."
    return Resultat(
        objet={
            "norme": f"publiccode/{version}", "fichier": options.fichier.name,
            "valide": not erreurs, "erreurs": [_to_json(a) for a in erreurs],
            "avertissements": [_to_json(a) for a in conseils],
        },
        valide=not erreurs,
        phrases=[verdict],
        fautes=[(a.lieu or "Fiche", a.code, a.message) for a in erreurs],
        notes=[(a.lieu or "Fiche", a.code, a.message) for a in conseils],
    )  # fmt: skip


def _to_json(anomalie: Anomalie) -> dict[str, Any]:
    nom = NOMS.get(anomalie.code, anomalie.code)
    return {
        "ligne": None, "champ": anomalie.lieu or None, "code": anomalie.code, "nom": nom,
        "message": anomalie.message, "cellule": None,
    }  # fmt: skip


VERBES = {"valider": Verbe("contrôle la fiche publiccode.yml d’un logiciel", run_valider)}

"""Campagnes et réponses fictives de la démonstration ; ce qui existe déjà n’est pas touché."""

import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from socle.metiers.consultations.models import Campagne, Reponse
from socle.metiers.consultations.services import campagnes, reponses, synthese

DONNEES = Path(__file__).parent.parent / "donnees" / "campagnes.toml"
ACTEUR = "systeme"
NOMS = ("Bellerive-l’Exemple", "Saint-Fictif", "Clairfont", "Val-d’Essai", "Mirebois",
        "Pont-Inventé")  # fmt: skip
# Genre, département, région : de quoi montrer une participation, groupes cachés compris.
TERRITOIRES = (
    ("commune", "92", "11"), ("commune", "69", "84"), ("epci", "69", "84"),
    ("commune", "92", "11"), ("commune", "33", "75"), ("epci", "92", "11"),
)  # fmt: skip
HORS_SERVICE = ("slug", "genre", "titre", "ouvre", "ferme", "close", "synthese", "modele",
                "reponses")  # fmt: skip


def seed(maintenant: datetime) -> str:
    """Charge les campagnes de démonstration ; rend une phrase."""
    donnees = tomllib.loads(DONNEES.read_text(encoding="utf-8"))
    nouvelles = [
        ligne for ligne in donnees["campagnes"]
        if not Campagne.objects.filter(slug=ligne["slug"]).exists()
    ]  # fmt: skip
    for ligne in nouvelles:
        _load_campagne(ligne, donnees["modeles"][ligne["modele"]], maintenant)
    return f"Consultations : {len(donnees['campagnes'])} campagnes fictives."


@transaction.atomic
def _load_campagne(
    ligne: dict[str, Any], pages: list[dict[str, Any]], maintenant: datetime
) -> None:
    """Crée, publie, remplit et clôt une campagne par les services, aux dates dites."""
    jour = maintenant.replace(hour=8, minute=0, second=0, microsecond=0)
    ouvre, ferme = jour + timedelta(days=ligne["ouvre"]), jour + timedelta(days=ligne["ferme"])
    debut = min(ouvre, maintenant) - timedelta(days=5)
    fiche = {nom: valeur for nom, valeur in ligne.items() if nom not in HORS_SERVICE}
    if "budget" in fiche:
        fiche["budget"] = Decimal(fiche["budget"])
    campagne = campagnes.create_campagne(
        slug=ligne["slug"], genre=ligne["genre"], titre=ligne["titre"], acteur=ACTEUR,
        maintenant=debut, fictif=True, ouvre_le=ouvre, ferme_le=ferme,
        definition={"pages": pages}, **fiche,
    )  # fmt: skip
    campagne = campagnes.publish_campagne(
        campagne=campagne, revision=campagne.revision, acteur=ACTEUR, maintenant=debut
    )
    for rang in range(ligne["reponses"]):
        quand = ouvre + timedelta(hours=7 + 9 * rang)
        _load_reponse(campagne, ligne["modele"], rang, quand)
    if not ligne.get("close"):
        return
    campagne = campagnes.close_campagne(campagne=campagne, acteur=ACTEUR, maintenant=ferme)
    if ligne.get("synthese"):
        apres = min(ferme + timedelta(days=20), maintenant)
        for reponse in campagne.reponses.filter(reponses__has_key="mot").order_by("pk"):
            synthese.choose_extrait(
                reponse=reponse, champ="mot", choisi=True, acteur=ACTEUR, maintenant=apres
            )
        synthese.write_synthese(
            campagne=campagne, texte=ligne["synthese"], revision=campagne.revision,
            acteur=ACTEUR, maintenant=apres,
        )  # fmt: skip
        synthese.publish_synthese(campagne=campagne, acteur=ACTEUR, maintenant=apres)


def _load_reponse(campagne: Campagne, modele: str, rang: int, quand: datetime) -> None:
    genre, departement, region = TERRITOIRES[rang % len(TERRITOIRES)]
    nom = NOMS[rang % len(NOMS)]
    territoire = {
        "nom_autorite": f"{nom} (fictive)", "genre_autorite": genre, "departement": departement,
        "region": region,
    } if campagne.perimetre != "tous" else {}  # fmt: skip
    reponse = Reponse.objects.create(
        campagne=campagne, repondant=f"exemple:{rang + 1}", nom=f"Personne fictive n° {rang + 1}",
        reponses=_build_valeurs(modele, rang, nom), **territoire,
    )  # fmt: skip
    reponses.file_reponse(reponse=reponse, acteur=ACTEUR, maintenant=quand)


def _build_valeurs(modele: str, rang: int, nom: str) -> dict[str, Any]:
    """Des réponses plausibles et toujours les mêmes."""
    if modele == "projet":
        return {
            "intitule": f"Un accueil commun autour de {nom}",
            "description": "Deux agents formés, une salle par commune, un planning partagé.",
            "montant": 60_000 + 3_500 * rang,  # jamais moins que ce qui est accordé
        }
    if modele == "catalogue":
        return {
            "organisme": ("une_commune", "une_intercommunalite")[rang % 2],
            "connait": rang % 3 != 0,
            "cherche": [("une_solution_a_installer", "une_api")[rang % 2]],
        }
    mots = {"mot": "Il nous manque surtout du temps pour former les agents."} if rang == 4 else {}
    return {
        "en_ligne": rang % 4 != 0, "nombre": rang % 9 + 1,
        "freins": ["le_temps"] if rang % 3 else ["l_argent", "les_competences"], **mots,
    }  # fmt: skip

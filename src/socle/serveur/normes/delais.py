"""Verbe de `./socle normes delais` : calculer."""

from typing import Any

from socle.normes.delais.fichier import TAILLE_MAX, FichierIllisible, Rapport, compute_fichier
from socle.normes.delais.textes import write_jour
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat, Verbe


def run_calculer(options: Any, avance: Avance) -> Resultat:
    """Calcule les délais que demande le fichier."""
    with options.fichier.open("rb") as flux:
        octets = flux.read(TAILLE_MAX + 1)
    avance("Calcul des délais…")
    try:
        rapport = compute_fichier(octets)
    except FichierIllisible as refus:
        raise Inutilisable(str(refus)) from refus
    return build_resultat(rapport, options.fichier.name)


def build_resultat(rapport: Rapport, nom: str) -> Resultat:
    """Met un rapport en phrases : une par échéance, avec son article."""
    return Resultat(
        objet={"fichier": nom, **rapport.to_json()},
        valide=rapport.valide,
        phrases=[
            f"{write_jour(echeance.date)} – {echeance.code}\n"
            f"    {echeance.explication}\n    Texte : {echeance.article}."
            for _, echeance in rapport.echeances
        ],
        fautes=[
            (f"Délai {faute.ligne}, {faute.champ}", faute.code, faute.message)
            for faute in rapport.fautes
        ],
        notes=[
            (f"Délai {rang}", "reserve", echeance.reserve)
            for rang, echeance in rapport.echeances
            if echeance.reserve
        ],
    )


VERBES = {
    "calculer": Verbe(
        "calcule des délais légaux et les explique",
        run_calculer,
        fichier="délais demandés, en TOML ou en JSON",
    ),
}

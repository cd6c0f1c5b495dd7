"""Verbes de `./socle normes decp` : valider, convertir."""

from pathlib import Path
from typing import Any

from socle.normes.decp.ecriture import write_json, write_xml
from socle.normes.decp.errors import DecpIllisible, DecpInvalide
from socle.normes.decp.lecture import TAILLE_MAX, read_decp
from socle.normes.decp.rapport import Anomalie, Rapport
from socle.normes.decp.validation import validate_decp
from socle.serveur.arguments import Analyseur
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat, Verbe


def run_valider(options: Any, avance: Avance) -> Resultat:
    """Contrôle un fichier de marchés et de concessions."""
    rapport = validate_decp(
        _read(options.fichier),
        nom=options.fichier.name,
        avance=lambda nombre: avance(f"{nombre} contrats vus…"),
    )
    if not rapport.lisible:
        refus = rapport.erreurs[-1]
        lieu = f"Ligne {refus.ligne} : " if refus.ligne else ""
        raise Inutilisable(lieu + refus.message, code=refus.code)
    return build_resultat(rapport)


def run_convertir(options: Any, avance: Avance) -> Resultat:
    """Récrit un fichier conforme dans l’autre format."""
    avance("Lecture des contrats…")
    octets = _read(options.fichier)
    try:
        contrats = read_decp(octets)
    except DecpInvalide:
        return run_valider(options, avance)
    except DecpIllisible as refus:
        raise Inutilisable(str(refus), code="illisible") from refus
    en_xml = options.vers == "xml"
    sortie = options.sortie or options.fichier.with_suffix(".xml" if en_xml else ".json")
    if sortie.exists():
        raise Inutilisable(f"« {sortie} » existe déjà : donnez un autre nom à --sortie.")
    sortie.write_bytes(write_xml(contrats) if en_xml else write_json(contrats))
    resultat = run_valider(options, avance)
    resultat.phrases.insert(0, f"Écrit dans {sortie}.")
    resultat.objet = {**resultat.objet, "sortie": str(sortie)}
    return resultat


def build_resultat(rapport: Rapport) -> Resultat:
    """Met un rapport en phrases."""
    contrats = f"{_count(rapport.marches, 'marché')} et {_count(rapport.concessions, 'concession')}"
    phrases = [
        f"Valide : {contrats} conformes au format 2.0.4 ({rapport.format.upper()})."
        if rapport.valide
        else f"{_count(rapport.nombre, 'erreur')} sur {contrats} ({rapport.format.upper()})."
    ]
    if rapport.conforme and not rapport.valide:
        phrases.append("Le schéma officiel l’accepterait ; les erreurs ci-dessus lui échappent.")
    if rapport.plein:
        phrases.append("Trop d’erreurs : le reste du fichier n’a pas été jugé.")
    return Resultat(
        objet=rapport.to_json(),
        valide=rapport.valide,
        phrases=phrases,
        fautes=[_place(anomalie) for anomalie in rapport.erreurs],
        notes=[_place(anomalie) for anomalie in rapport.avertissements],
    )


def _count(nombre: int, nom: str) -> str:
    return f"{nombre} {nom}{'s' if nombre > 1 else ''}"


def _place(anomalie: Anomalie) -> tuple[str, str, str]:
    lieux = [
        f"Ligne {anomalie.ligne}" if anomalie.ligne else "Fichier",
        f"contrat {anomalie.contrat}" if anomalie.contrat else "",
        anomalie.champ.partition("].")[2] or anomalie.champ,
    ]
    return ", ".join(filter(None, lieux)), anomalie.code, anomalie.message


def _read(fichier: Path) -> bytes:
    with fichier.open("rb") as flux:
        return flux.read(TAILLE_MAX + 1)


def _prepare_convertir(analyseur: Analyseur) -> None:
    analyseur.add_argument("--vers", choices=["json", "xml"], required=True, help="format voulu")
    analyseur.add_argument("--sortie", type=Path, metavar="FICHIER", help="fichier à écrire")


VERBES = {
    "valider": Verbe("contrôle des marchés et des concessions, JSON ou XML", run_valider),
    "convertir": Verbe("récrit un fichier conforme en JSON ou en XML", run_convertir,
                       _prepare_convertir),
}  # fmt: skip

"""Verbes de `./socle normes decp` : valider, corriger, convertir."""

from pathlib import Path
from typing import Any

from socle.normes.decp.correction import correct_decp
from socle.normes.decp.ecriture import write_json, write_xml
from socle.normes.decp.errors import DecpIllisible, DecpInvalide
from socle.normes.decp.lecture import TAILLE_MAX, read_decp
from socle.normes.decp.rapport import Anomalie, Rapport
from socle.normes.decp.validation import validate_decp
from socle.serveur.arguments import Analyseur
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat, Verbe, count

EN_XML = (
    "Rien n’est corrigé dans un fichier XML : corrigez-le d’après le rapport, ou demandez du JSON"
    " au logiciel qui l’a fait."
)


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


def run_corriger(options: Any, avance: Avance) -> Resultat:
    """Écrit le fichier JSON corrigé à côté de l’original, puis le contrôle."""
    sortie = options.sortie or options.fichier.with_name(f"{options.fichier.stem}_corrige.json")
    if sortie.exists() and sortie.samefile(options.fichier):
        raise Inutilisable("Donnez à --sortie un autre nom : l’original n’est jamais remplacé.")
    avance("Lecture des contrats…")
    try:
        correction = correct_decp(_read(options.fichier))
    except DecpIllisible as refus:
        if refus.code != "xml":
            raise Inutilisable(str(refus), code="illisible") from refus
        resultat = run_valider(options, avance)
        resultat.phrases.append(EN_XML)
        return resultat
    sortie.write_bytes(correction.contenu)
    rapport = validate_decp(correction.contenu, nom=options.fichier.name)
    resultat = build_resultat(rapport)
    changements = correction.changements
    ecrits = f"écrit{'s' if len(changements) > 1 else ''} dans {sortie}"
    resultat.phrases.insert(0, f"{count(len(changements), 'changement')}, {ecrits}.")
    resultat.notes = [
        (_locate(c.ligne, c.contrat, c.champ), c.code, c.message) for c in changements
    ]
    resultat.objet = {
        **resultat.objet,
        "sortie": str(sortie),
        "changements": [c.to_json() for c in changements],
    }
    return resultat


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
    lieu = _locate(anomalie.ligne, anomalie.contrat, anomalie.champ)
    return lieu, anomalie.code, anomalie.message


def _locate(ligne: int, contrat: str, champ: str) -> str:
    """« Ligne 12, contrat 2026-014, titulaires[0].titulaire.id »."""
    lieux = [
        f"Ligne {ligne}" if ligne else "Fichier",
        f"contrat {contrat}" if contrat else "",
        champ.partition("].")[2] or champ,
    ]
    return ", ".join(filter(None, lieux))


def _read(fichier: Path) -> bytes:
    with fichier.open("rb") as flux:
        return flux.read(TAILLE_MAX + 1)


def _prepare_convertir(analyseur: Analyseur) -> None:
    analyseur.add_argument("--vers", choices=["json", "xml"], required=True, help="format voulu")
    analyseur.add_argument("--sortie", type=Path, metavar="FICHIER", help="fichier à écrire")


def _prepare_corriger(analyseur: Analyseur) -> None:
    analyseur.add_argument("--sortie", type=Path, metavar="FICHIER", help="fichier corrigé")


VERBES = {
    "valider": Verbe("contrôle des marchés et des concessions, JSON ou XML", run_valider),
    "corriger": Verbe("corrige, en JSON, ce qui n’a qu’une bonne réponse", run_corriger,
                      _prepare_corriger),
    "convertir": Verbe("récrit un fichier conforme en JSON ou en XML", run_convertir,
                       _prepare_convertir),
}  # fmt: skip

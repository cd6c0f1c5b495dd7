"""Verbes de `./socle normes bal` : valider, corriger."""

import gc
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import socle
from socle.normes.bal.communes import Communes, build_communes
from socle.normes.bal.errors import BalIllisible
from socle.normes.bal.lecture import TAILLE_MAX
from socle.normes.bal.profils import PROFILS, Niveau
from socle.normes.bal.validation import Anomalie, Rapport, validate_bal
from socle.serveur.arguments import Analyseur
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat, Verbe, count

DONNEES = Path(socle.__file__).parent / "fondations/referentiels/donnees"
MODIFICATIONS_MAX = 100_000


def run_valider(options: Any, avance: Avance) -> Resultat:
    """Contrôle le fichier d’une commune."""
    octets = _read(options.fichier)
    avance("Lecture des adresses…")
    ids = _read_ids(options.id_commune)
    with _pause_ramasse_miettes():
        rapport = validate_bal(
            octets,
            communes=load_communes(),
            aujourd_hui=_read_jour(),
            ids_communes=ids,
            profil=options.profil,
        )
    if not rapport.lisible and rapport.anomalies[0].code == "illisible":
        raise Inutilisable(rapport.anomalies[0].cellule, code="illisible")
    return build_resultat(rapport, options.fichier)


def run_corriger(options: Any, avance: Avance) -> Resultat:
    """Écrit le fichier 1.5 à côté de l’original, puis le contrôle."""
    import uuid

    from socle.normes.bal.correction import correct_bal

    sortie = options.sortie or options.fichier.with_name(f"{options.fichier.stem}_corrige.csv")
    if sortie.exists() and sortie.samefile(options.fichier):
        raise Inutilisable("Donnez à --sortie un autre nom : l’original n’est jamais remplacé.")
    octets = _read(options.fichier)
    avance("Correction des adresses…")
    try:
        correction = correct_bal(
            octets,
            communes=load_communes(),
            aujourd_hui=_read_jour(),
            ids_communes=_read_ids(options.id_commune),
            new_id=lambda: str(uuid.uuid4()),
        )
    except BalIllisible as refus:
        raise Inutilisable(str(refus), code=refus.code) from refus
    sortie.write_bytes(correction.contenu)
    resultat = build_resultat(correction.rapport, options.fichier)
    nombre = len(correction.modifications)
    ecrites = f"écrite{'s' * (nombre > 1)} dans {sortie}"
    resultat.phrases.insert(0, f"{count(nombre, 'cellule changée')}, {ecrites}.")
    if correction.otees:
        resultat.phrases.insert(1, f"Colonnes ôtées : {', '.join(correction.otees)}.")
    modifications = correction.modifications[:MODIFICATIONS_MAX]
    resultat.objet = {
        **resultat.objet,
        "sortie": str(sortie),
        "otees": correction.otees,
        "changements": [modification._asdict() for modification in modifications],
    }
    return resultat


def load_communes() -> Communes:
    """Lit le code officiel géographique embarqué, le plus récent."""
    chemin = max(DONNEES.glob("cog-*.json.gz"))
    donnees = json.loads(gzip.decompress(chemin.read_bytes()))
    return build_communes((c[0], c[1], c[7].split()) for c in donnees["communes"])


def build_resultat(rapport: Rapport, fichier: Path) -> Resultat:
    """Met un rapport en phrases."""
    erreurs = rapport.erreurs
    verdict = (
        f"Valide : {count(rapport.nombre, 'ligne conforme')} à BAL {rapport.profil}."
        if rapport.valide
        else f"{count(len(erreurs), 'erreur')} sur {count(rapport.nombre, 'ligne')}"
        f" (BAL {rapport.profil})."
    )
    informations = len(rapport.list_niveau(Niveau.INFORMATION))
    return Resultat(
        objet={"fichier": fichier.name, **rapport.to_dict()},
        valide=rapport.valide,
        phrases=[verdict, f"{count(informations, 'remarque')} sans effet, dans --json."],
        fautes=[_place(anomalie) for anomalie in erreurs],
        notes=[_place(anomalie) for anomalie in rapport.list_niveau(Niveau.AVERTISSEMENT)],
    )


def _place(anomalie: Anomalie) -> tuple[str, str, str]:
    lieu = f"Ligne {anomalie.ligne}" if anomalie.ligne else "Fichier"
    champ = f", {anomalie.champ}" if anomalie.champ else ""
    return lieu + champ, anomalie.code, anomalie.message


@contextmanager
def _pause_ramasse_miettes() -> Iterator[None]:
    """Une vérification ne fait pas de cycles : les chercher coûte un dixième du temps."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read(fichier: Path) -> bytes:
    with fichier.open("rb") as flux:
        octets = flux.read(TAILLE_MAX + 1)
    if not octets.strip(b" \r\n\xef\xbb\xbf"):
        raise Inutilisable("Le fichier est vide.", code="illisible")
    return octets


def _read_jour() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/Paris")).date()  # noqa: TID251  une commande


def _read_ids(paires: list[str]) -> dict[str, str]:
    ids = dict(paire.partition("=")[::2] for paire in paires)
    if not all(ids.values()):
        raise Inutilisable("Écrivez --id-commune CODE=IDENTIFIANT.", code="usage")
    return ids


def _prepare(analyseur: Analyseur) -> None:
    analyseur.add_argument(
        "--id-commune",
        action="append",
        default=[],
        metavar="CODE=IDENTIFIANT",
        help="identifiant donné par la BAN à une commune ; peut se répéter",
    )


def _prepare_valider(analyseur: Analyseur) -> None:
    _prepare(analyseur)
    analyseur.add_argument(
        "--profil", choices=["", *PROFILS], default="", help="sinon, d’après les colonnes"
    )


def _prepare_corriger(analyseur: Analyseur) -> None:
    _prepare(analyseur)
    analyseur.add_argument("--sortie", type=Path, metavar="FICHIER", help="fichier corrigé")


VERBES = {
    "valider": Verbe("contrôle une base adresse locale", run_valider, _prepare_valider),
    "corriger": Verbe("corrige et met au format 1.5", run_corriger, _prepare_corriger),
}

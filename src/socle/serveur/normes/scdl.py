"""Verbes de `./socle normes scdl` : valider, corriger, schemas."""

import gc
from pathlib import Path
from typing import Any

from socle.normes.scdl.definitions import CODES, get_schema
from socle.normes.scdl.errors import FichierInutilisable, SchemaInvalide
from socle.normes.scdl.rapport import Avertissement, Rapport
from socle.normes.scdl.schema import TAILLE_MAX, Schema, read_table_schema
from socle.normes.scdl.validation import validate_fichier
from socle.serveur.arguments import Analyseur
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat, Verbe, count


def run_valider(options: Any, avance: Avance) -> Resultat:
    """Contrôle le fichier, et son nom si on le demande."""
    schema = find_schema(options.schema)
    gc.disable()  # un contrôle ne fait pas de cycles ; les chercher, dès le chargement, coûte
    try:
        rapport = validate_fichier(
            options.fichier,
            schema,
            ignore_casse=options.ignorer_casse,
            avance=lambda lignes: avance(f"{count(lignes, 'ligne lue')}…"),
        )
    except FichierInutilisable as refus:
        raise Inutilisable(refus.message, code=refus.code) from refus
    finally:
        gc.freeze()  # ce qui vient d’être chargé n’est pas à trier non plus
        gc.enable()
    if options.nom or options.producteur:
        rapport.avertissements += [
            Avertissement("file-name-warn", "Nom du fichier", message)
            for message in _list_fautes_du_nom(options, schema)
        ]
    return build_resultat(rapport)


def _list_fautes_du_nom(options: Any, schema: Schema) -> list[str]:
    """Ce qui ne va pas dans le nom du fichier, puis le nom à lui donner si l’on sait de qui."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from socle.normes.scdl import nommage, numeros

    if options.producteur and not numeros.is_siren(options.producteur):
        raise Inutilisable("--producteur attend un SIREN : neuf chiffres.", code="usage")
    fautes = nommage.check_nom(options.fichier.name)
    if fautes and options.producteur:
        titre = schema.nom.rpartition("/")[2]
        maintenant = datetime.now(UTC)  # noqa: TID251  une commande
        jour = maintenant.astimezone(ZoneInfo("Europe/Paris")).date()
        propose = nommage.propose_nom(titre, producteur=options.producteur, jour=jour)
        fautes.append(f"Par exemple : {propose}.")
    return fautes


def run_corriger(options: Any, avance: Avance) -> Resultat:
    """Écrit le fichier corrigé à côté de l’original, puis le contrôle."""
    from socle.normes.scdl.correction import NOMS, correct_fichier

    schema = find_schema(options.schema)
    sortie = options.sortie or options.fichier.with_name(f"{options.fichier.stem}_corrige.csv")
    if sortie.exists() and sortie.samefile(options.fichier):
        raise Inutilisable("Donnez à --sortie un autre nom : l’original n’est jamais remplacé.")
    try:
        with options.fichier.open("rb") as entree, sortie.open("wb") as flux:
            changements = correct_fichier(
                entree,
                flux,
                schema,
                avance=lambda lignes: avance(f"{count(lignes, 'ligne corrigée')}…"),
            )
        rapport = validate_fichier(sortie, schema)
    except FichierInutilisable as refus:
        sortie.unlink(missing_ok=True)
        raise Inutilisable(refus.message, code=refus.code) from refus
    resultat = build_resultat(rapport)
    nombre, s = changements.nombre, "s" * (changements.nombre > 1)
    resultat.phrases.insert(0, f"{count(nombre, 'changement')}, écrit{s} dans {sortie}.")
    resultat.notes = [
        (f"Ligne {c.ligne}, {c.champ or 'toute la ligne'}", c.code, c.message) for c in changements
    ]
    resultat.objet = rapport.to_json() | {
        "fichier": options.fichier.name,
        "sortie": str(sortie),
        "changements": [c.to_json() | {"pourquoi": NOMS[c.code]} for c in changements],
    }
    return resultat


def find_schema(nom: str) -> Schema:
    """Une de nos définitions par son nom, ou un fichier Table Schema."""
    if nom.partition("@")[0] in CODES:
        try:
            return get_schema(nom)
        except KeyError as cause:
            raise Inutilisable(f"Nous n’avons pas cette version : {nom}.") from cause
    chemin = Path(nom)
    if not chemin.is_file():
        raise Inutilisable(
            f"Le schéma « {nom} » n’est ni un fichier, ni l’un des nôtres : {', '.join(CODES)}."
        )
    try:
        with chemin.open("rb") as flux:
            return read_table_schema(flux.read(TAILLE_MAX + 1), nom=chemin.stem)
    except SchemaInvalide as refus:
        raise Inutilisable(str(refus), code="schema-error") from refus


def build_resultat(rapport: Rapport) -> Resultat:
    """Met un rapport en phrases."""
    nombre = rapport.nombre
    verdict = (
        f"Valide : {count(rapport.lignes, 'ligne conforme')} à {rapport.schema}."
        if rapport.valide
        else f"{count(nombre, 'erreur')} sur {count(rapport.lignes, 'ligne')} ({rapport.schema})."
    )
    return Resultat(
        objet=rapport.to_json(),
        valide=rapport.valide,
        phrases=[verdict],
        fautes=[(_place(e.ligne, e.champ), e.code, e.message) for e in rapport.erreurs],
        notes=[(a.champ or "", a.code, a.message) for a in rapport.avertissements],
    )


def _place(ligne: int | None, champ: str | None) -> str:
    if ligne is None:
        return "Tableau"
    return f"Ligne {ligne}, {champ}" if champ else f"Ligne {ligne}"


def _prepare(analyseur: Analyseur) -> None:
    analyseur.add_argument(
        "--schema",
        required=True,
        metavar="NOM",
        help="scdl/deliberations, scdl/subventions… ou un fichier Table Schema (JSON)",
    )


def _prepare_valider(analyseur: Analyseur) -> None:
    _prepare(analyseur)
    analyseur.add_argument(
        "--ignorer-casse", action="store_true", help="accepte « coll_nom » pour « COLL_NOM »"
    )
    analyseur.add_argument("--nom", action="store_true", help="contrôle aussi le nom du fichier")
    analyseur.add_argument(
        "--producteur", metavar="SIREN", help="de qui est le fichier, pour proposer un nom"
    )


def _prepare_corriger(analyseur: Analyseur) -> None:
    _prepare(analyseur)
    analyseur.add_argument("--sortie", type=Path, metavar="FICHIER", help="fichier corrigé")


VERBES = {
    "valider": Verbe("contrôle un tableau CSV, XLSX ou ODS", run_valider, _prepare_valider),
    "corriger": Verbe("corrige ce qui n’a qu’une bonne réponse", run_corriger, _prepare_corriger),
}

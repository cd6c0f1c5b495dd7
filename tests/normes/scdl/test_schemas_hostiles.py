"""Un schéma vient aussi d’un inconnu : refusé d’une phrase, ou appliqué, toujours en peu de temps.

Quarante schémas abîmés ici, deux mille dans la part lente, davantage si `bornes` le dit.
"""

import copy
import io
import json
import random
import time

import pytest

from socle.normes.scdl.correction import correct_fichier
from socle.normes.scdl.errors import FichierInutilisable, SchemaInvalide
from socle.normes.scdl.schema import read_table_schema
from socle.normes.scdl.validation import validate_fichier
from tests.normes.bornes import FUZZ, SECONDES_MAX, bornes
from tests.normes.scdl.outils import write_csv
from tests.normes.scdl.test_parite_frictionless import CHAMPS, VALEURS

CONTROLES = [
    ("siret", {"column": "code"}),
    ("year-interval-value", {"column": "an", "allow-year-only": "yes"}),
    ("cohesive-columns", {"column": "code", "othercolumns": ["texte", "sorte"]}),
    ("compare-columns", {"column": "entier", "op": ">=", "column2": "nombre"}),
    ("sum-columns", {"column": "entier", "columns": ["nombre", "an"]}),
    ("one-of-required", {"column1": "code", "column2": "texte"}),
    ("french-gps-coordinates", {"column": "point"}),
]
SAIN = {
    "name": "a", "fields": CHAMPS, "primaryKey": ["code"], "missingValues": ["", "NA"],
    "custom_checks": [{"name": nom, "params": params} for nom, params in CONTROLES],
}  # fmt: skip
INTRUS = [
    None, True, -1, 10**30, 1.5, "", "x", "\ud800", "(a+)+", "%Y%", "[", [], [None], [[]], {},
    "string", "integer", "number", "date", "array", "list", "object", "geopoint", "boolean", "any",
    "default", "%d/%m/%Y", {"type": "integer", "constraints": {"enum": [1]}}, ["a", "b"], "1e999",
]  # fmt: skip
FICHIER = write_csv(
    [champ["name"] for champ in CHAMPS],
    [
        [VALEURS[champ["name"]][n % len(VALEURS[champ["name"]])] for champ in CHAMPS]
        for n in range(6)
    ],
)


def mutate(hasard: random.Random) -> bytes:
    """Change un à quatre endroits du schéma : une valeur, une clé de plus, un manque."""
    schema = copy.deepcopy(SAIN)
    schema["fields"] = hasard.sample(schema["fields"], 4)
    for _ in range(hasard.randint(1, 4)):
        lieu = schema
        while True:
            cle = hasard.choice(list(lieu) if isinstance(lieu, dict) else range(len(lieu)))
            suite = lieu[cle]
            if not isinstance(suite, dict | list) or not suite or hasard.random() < 0.1:
                break
            lieu = suite
        if isinstance(lieu, dict) and hasard.random() < 0.4:
            cle = hasard.choice(
                ["constraints", "type", "format", "arrayItem", "enum", "pattern", "minimum",
                 "maximum", "minLength", "maxLength", "required", "unique", "decimalChar",
                 "groupChar", "delimiter", "trueValues", "exclusiveMinimum", "bareNumber"]
            )  # fmt: skip
        lieu[cle] = copy.deepcopy(hasard.choice(INTRUS))
    return json.dumps(schema).encode()


def check_schemas(nombre: int, graine: int) -> int:
    """Rend le nombre de schémas appliqués ; les autres sont refusés."""
    appliques = 0
    for rang in range(nombre):
        brut = mutate(random.Random(f"{graine} {rang}"))
        try:
            with bornes(brut):
                schema = read_table_schema(brut)
                rapport = validate_fichier(io.BytesIO(FICHIER), schema)
                json.dumps(rapport.to_json(), ensure_ascii=False).encode()
                correct_fichier(io.BytesIO(FICHIER), io.BytesIO(), schema)
                appliques += 1
        except (SchemaInvalide, FichierInutilisable):
            continue
        except Exception as trace:
            raise AssertionError(f"{trace!r} : {brut.decode()}") from trace
    return appliques


def test_mutated_schema_is_refused_or_applied():
    assert 4 < check_schemas(40, 1) < 40


@pytest.mark.lent
def test_two_thousand_mutated_schemas_are_refused_or_applied():
    assert check_schemas(FUZZ, 2) > FUZZ // 10


@pytest.mark.parametrize(
    "element",
    [{"type": "x"}, {"constraints": 3}, {"constraints": {"enum": 3}},
     {"constraints": {"maxLength": "x"}}, {"constraints": {"pattern": "("}}],
)  # fmt: skip
def test_list_of_badly_described_elements_is_refused(element):
    champ = {"name": "a", "type": "array", "arrayItem": element}

    with pytest.raises(SchemaInvalide):
        read_table_schema(json.dumps({"fields": [champ]}).encode())


@pytest.mark.lent
def test_pattern_without_end_is_stopped_and_said():
    motif = "(?=a)(a|a)*b"  # Rust refuse le motif : Python l’applique
    schema = read_table_schema(
        json.dumps({"fields": [{"name": "a", "constraints": {"pattern": motif}}]}).encode()
    )
    fichier, debut = b"a\n" + b"a" * 60 + b"!\n", time.process_time()

    with pytest.raises(FichierInutilisable, match="demande trop de temps"):
        validate_fichier(io.BytesIO(fichier), schema)
    with pytest.raises(FichierInutilisable, match="demande trop de temps"):
        correct_fichier(io.BytesIO(fichier), io.BytesIO(), schema)

    assert time.process_time() - debut < 2 * SECONDES_MAX

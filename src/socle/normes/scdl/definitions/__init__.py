"""Nos définitions des schémas publics qu’une collectivité remplit elle-même.

Écrites ici d’après les textes du registre national (schema.data.gouv.fr) ; un essai compare chaque
colonne et chaque contrainte avec le schéma officiel. Un module n’est chargé que si on le demande.
"""

import importlib

from socle.normes.scdl.schema import Schema

_MODULES = {
    "scdl/deliberations": "scdl_decisions",
    "scdl/subventions": "scdl_decisions",
    "scdl/budget": "scdl_decisions",
    "scdl/prenoms": "scdl_territoire",
    "scdl/equipements": "scdl_territoire",
    "scdl/catalogue": "scdl_territoire",
    "scdl/menus-collectifs": "scdl_repas",
    "scdl/plats-menus-collectifs": "scdl_repas",
    "etalab/dispositif-aide": "etat",
    "etalab/schema-hautes-remunerations": "etat",
    "etalab/schema-impact-service-public-numerique": "etat",
    "Archivistes75/registre_entrees": "archives",
}
CODES = tuple(_MODULES)


def get_schema(code: str) -> Schema:
    """Rend une définition par son nom dans le registre : « scdl/deliberations », « …@2.1.5 ».

    Raises:
        KeyError: nous n’avons pas ce schéma, ou pas dans cette version.
    """
    nom, _, version = code.partition("@")
    module = importlib.import_module(f"socle.normes.scdl.definitions.{_MODULES[nom]}")
    for schema in vars(module).values():
        if isinstance(schema, Schema) and schema.nom == nom:
            if version and version.removeprefix("v") != schema.version.removeprefix("v"):
                raise KeyError(code)
            return schema
    raise KeyError(code)

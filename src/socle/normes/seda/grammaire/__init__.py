"""Notre grammaire des messages SEDA 2.1, 2.2 et 2.3 : dite une fois, écrite en XSD et en Relax NG.

Elle remplace le schéma officiel quand il n’est pas là, dit ce qui est une extension de Vitam, et
sert de base aux profils d’archivage. Entrées : `noeuds.get_grammaire`, `xsd.build_xsd`,
`rng.build_rng`.

Source : NF Z44-022, schémas SEDA 2.1 à 2.3 ; extensions décrites par la documentation de Vitam.
"""

VERSIONS = ("2.1", "2.2", "2.3")
PREFIXE = "fr:gouv:culture:archivesdefrance:seda:v"


def get_espace(version: str) -> str:
    """Espace de noms d’une version (« 2.2 »)."""
    return f"{PREFIXE}{version}"

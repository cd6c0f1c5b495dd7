"""Écrire une fiche conforme : l’ordre de la norme, rien de vide, aucun texte ambigu."""

from typing import Any

import yaml

from socle.normes.publiccode.errors import PubliccodeInvalide
from socle.normes.publiccode.validation import list_erreurs

ORDRE = (
    "publiccodeYmlVersion", "name", "applicationSuite", "url", "landingURL", "isBasedOn",
    "organisation", "softwareVersion", "releaseDate", "logo", "platforms", "categories", "usedBy",
    "fundedBy", "roadmap", "developmentStatus", "softwareType", "intendedAudience", "description",
    "legal", "maintenance", "localisation", "dependsOn",
)  # fmt: skip


class _Plume(yaml.SafeDumper):
    """Sans renvoi ; un texte sur plusieurs lignes reste lisible."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write_texte(plume: yaml.SafeDumper, texte: str) -> yaml.ScalarNode:
    propre = all(ligne == ligne.rstrip() for ligne in texte.split("\n"))
    style = "|" if "\n" in texte and propre else None
    return plume.represent_scalar("tag:yaml.org,2002:str", texte, style=style)


_Plume.add_representer(str, _write_texte)


def write_publiccode(donnees: dict[str, Any]) -> bytes:
    """Rend le fichier publiccode.yml, en UTF-8. Les valeurs vides sont omises.

    Raises:
        PubliccodeInvalide: la fiche ne serait pas conforme ; porte les anomalies.
    """
    propre = clean(donnees)
    erreurs = list_erreurs(propre)
    if erreurs:
        raise PubliccodeInvalide(erreurs)
    rangs = {cle: rang for rang, cle in enumerate(ORDRE)}
    ordonne = dict(sorted(propre.items(), key=lambda paire: rangs.get(paire[0], len(ORDRE))))
    texte = yaml.dump(ordonne, Dumper=_Plume, allow_unicode=True, sort_keys=False, width=100)
    return texte.encode()


def clean(valeur: Any) -> Any:
    """Ôte ce qui est vide, à toute profondeur ; `false` et `0` restent."""
    if isinstance(valeur, dict):
        propre = {cle: clean(v) for cle, v in valeur.items()}
        return {cle: v for cle, v in propre.items() if v not in (None, "", [], {})}
    if isinstance(valeur, list | tuple):
        return [v for v in (clean(v) for v in valeur) if v not in (None, "", [], {})]
    return valeur

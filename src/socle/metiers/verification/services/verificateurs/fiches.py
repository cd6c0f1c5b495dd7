"""Fiches : logiciel public, marchés et concessions."""

import re

from socle.metiers.verification.ports import Apercu, Verificateur

_DECP_XML = re.compile(r"<(?:\w+:)?(?:marches|marche|contrats-concession|contrat-concession)[\s>]")
_DECP_JSON = re.compile(r'"(?:marches|marche|contrats-concession|contrat-concession)"\s*:')


def recognise_publiccode(apercu: Apercu) -> int:
    """Par son nom, imposé par la norme, ou par sa première clé."""
    if apercu.nom.lower() in {"publiccode.yml", "publiccode.yaml"}:
        return 100
    return 90 if "publiccodeYmlVersion:" in apercu.texte else 0


def recognise_decp(apercu: Apercu) -> int:
    """Par la liste de marchés ou de concessions, en JSON ou en XML."""
    texte = apercu.texte[:20_000].lstrip()
    motif = {"{": _DECP_JSON, "<": _DECP_XML}.get(texte[:1])
    return 90 if motif and motif.search(texte) else 0


VERIFICATEURS = (
    Verificateur(
        norme="decp",
        titre="Marchés et concessions (DECP)",
        exemple="decp-2026.json, marches.xml",
        recognise=recognise_decp,
        verbe_corriger="corriger",
        extension=".json",
        sans_correction="En JSON seulement.",
    ),
    Verificateur(
        norme="publiccode",
        titre="Fiche d’un logiciel public (publiccode.yml)",
        exemple="publiccode.yml",
        recognise=recognise_publiccode,
        sans_correction="Chaque faute d’une fiche demande un choix de son auteur. Vérifiez-la : le "
        "rapport dit quoi changer.",
    ),
)

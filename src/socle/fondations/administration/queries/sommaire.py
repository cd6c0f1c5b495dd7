"""Sommaire des réglages : les pages inscrites, par groupe."""

from collections.abc import Set

from socle.fondations.administration.ports import PageDeReglage, pages_de_reglages

GROUPES = {
    "collectivite": "Votre collectivité",
    "personnes": "Agents et usagers",
    "demarches": "Démarches et dossiers",
    "donnees": "Conservation, archives et preuve",
    "technique": "Services branchés",
}


def group_pages(roles: Set[str]) -> list[tuple[str, list[PageDeReglage]]]:
    """Rend les groupes du sommaire et leurs pages, bornés à ce que ces rôles ouvrent."""
    pages = sorted(
        (pages_de_reglages[code] for code in pages_de_reglages), key=lambda p: (p.ordre, p.titre)
    )
    permises = [page for page in pages if roles & {role.value for role in page.roles}]
    groupes = [
        (titre, [page for page in permises if page.groupe == code])
        for code, titre in GROUPES.items()
    ]
    return [(titre, contenu) for titre, contenu in groupes if contenu]

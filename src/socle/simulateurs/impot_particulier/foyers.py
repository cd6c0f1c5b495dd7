"""Avis d’impôt fictifs. Les années sont comptées depuis la dernière année de revenus connue."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FoyerFiscal:
    """Foyer fiscal d’une personne.

    Attributes:
        spi: identifiant fiscal fictif à 13 chiffres.
        rfr: revenu fiscal de référence, en euros.
        parts: nombre de parts, par quarts.
        situation: C célibataire, D divorcé, M marié, O pacsé, V veuf.
        adresse: voie, puis code postal et ville.
        charges: nombre de personnes à charge.
        annees: avis connus, 0 = le plus récent.
        texte: revenu et parts rendus en texte, comme dans certaines réponses observées.
    """

    spi: str
    rfr: int
    parts: float
    situation: str
    adresse: tuple[str, str]
    charges: int = 0
    annees: tuple[int, ...] = (0, 1, 2)
    texte: bool = False


FOYERS: dict[str, FoyerFiscal] = {
    "belkacem": FoyerFiscal(
        "3000000000011", 14_820, 2.5, "D", ("14 RUE DES CHATAIGNIERS", "92140 CLAMART"), 2
    ),
    "le_goff": FoyerFiscal(
        "3000000000022", 46_200, 4, "M", ("3 ALLEE DES TILLEULS", "92140 CLAMART"), 3
    ),
    "moreau": FoyerFiscal(
        "3000000000033", 98_400, 2.5, "M", ("40 AVENUE DU BOIS", "92140 CLAMART"), 1, texte=True
    ),
    "diallo": FoyerFiscal("3000000000044", 0, 3, "C", ("27 RUE DU PUITS", "92140 CLAMART"), 2),
    "ferreira": FoyerFiscal(
        "3000000000055", 27_900, 2.5, "M", ("8 CHEMIN DES VERGERS", "92140 CLAMART"), 1, (1, 2)
    ),
    "roussel_camille": FoyerFiscal(
        "3000000000066", 52_340, 2.5, "O", ("19 RUE DE L EGLISE", "92140 CLAMART"), 1
    ),
    "roussel_dominique": FoyerFiscal(
        "3000000000077", 52_340, 2.5, "O", ("19 RUE DE L EGLISE", "92140 CLAMART"), 1
    ),
    "test": FoyerFiscal("3000000000088", 36_705, 1, "C", ("2 RUE DES ACACIAS", "92140 CLAMART")),
    "avec_nom_dusage": FoyerFiscal(
        "3000000000099", 31_440, 2, "D", ("6 RUE DES ACACIAS", "92140 CLAMART"), 2
    ),
}
SPI = {foyer.spi: code for code, foyer in FOYERS.items()}

"""Fin de conservation et communicabilité d’un dossier."""

from datetime import date

from socle.normes.delais.calculs import add_annees
from socle.normes.delais.moteur import Echeance
from socle.normes.delais.textes import write_jour

_CODE_DU_PATRIMOINE = "code du patrimoine, art. L. 212-2 et R. 212-14"


def compute_fin_de_conservation(depart: date, annees: int, *, source: str) -> Echeance:
    """Dernier jour de la durée d’utilité administrative d’un dossier.

    Le sort final ne s’applique qu’ensuite, et jamais sans le visa des Archives départementales.

    Args:
        depart: jour que la règle de conservation désigne (décision, clôture, fin d’exercice…).
        annees: durée d’utilité administrative, en années entières ; 0 : le jour même.
        source: texte qui fixe la durée, cité tel quel.

    Raises:
        ValueError: durée négative.

    Source: code du patrimoine, art. L. 212-2 et R. 212-14.
    """
    if annees < 0:
        raise ValueError("Une durée de conservation n’est pas négative.")
    fin = add_annees(depart, annees)
    duree = "an" if annees == 1 else "ans"
    return Echeance(
        code="fin_de_conservation",
        depart=depart,
        date=fin,
        article=f"{source} ; {_CODE_DU_PATRIMOINE}" if source else _CODE_DU_PATRIMOINE,
        explication=f"Le dossier est gardé {annees} {duree} à compter du {write_jour(depart)} : "
        f"jusqu’au {write_jour(fin)}. Ensuite, il n’est détruit qu’avec le visa des Archives "
        "départementales.",
    )


def compute_communicabilite(document: date, annees: int, *, source: str) -> Echeance:
    """Jour à partir duquel le document est communicable à toute personne.

    Args:
        document: date du document, ou du plus récent du dossier.
        annees: délai de communicabilité, en années ; 0 : communicable de plein droit.
        source: texte qui fixe le délai.

    Source: code du patrimoine, art. L. 213-1 et L. 213-2.
    """
    if annees < 0:
        raise ValueError("Un délai de communicabilité n’est pas négatif.")
    ouverture = add_annees(document, annees)
    duree = "an" if annees == 1 else "ans"
    attente = (
        f"Le document le plus récent est du {write_jour(document)}, et il est communicable à tous "
        f"{annees} {duree} plus tard, le {write_jour(ouverture)}."
        if annees
        else "Le document est communicable à tous dès maintenant."
    )
    return Echeance(
        code="communicabilite",
        depart=document,
        date=ouverture,
        article=source or "code du patrimoine, art. L. 213-1",
        explication=attente,
    )

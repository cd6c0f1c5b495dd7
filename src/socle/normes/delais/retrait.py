"""Jusqu’à quand une décision qui a créé des droits peut être retirée."""

from datetime import date

from socle.normes.delais.calculs import add_mois
from socle.normes.delais.echeances import Echeance
from socle.normes.delais.textes import write_jour

MOIS_DE_RETRAIT = 4


def compute_fin_du_retrait(signature: date) -> Echeance:
    """Dernier jour pour retirer, de l’initiative de l’administration, une décision illégale.

    Le délai va de quantième à quantième depuis la signature, sans report : il court contre
    l’administration. Une décision légale ne se retire pas, même pendant ce délai.

    Source: code des relations entre le public et l’administration, art. L. 242-1.
    """
    fin = add_mois(signature, MOIS_DE_RETRAIT)
    return Echeance(
        code="retrait",
        depart=signature,
        date=fin,
        article="CRPA, art. L. 242-1",
        explication=f"La décision a été signée le {write_jour(signature)}. Si elle est illégale, "
        f"elle peut être retirée pendant quatre mois, jusqu’au {write_jour(fin)}.",
    )

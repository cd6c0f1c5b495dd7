"""Jusqu’à quand une décision qui a créé des droits peut être retirée."""

from datetime import date

from socle.normes.delais.moteur import Echeance, compute_delai


def compute_fin_du_retrait(signature: date) -> Echeance:
    """Dernier jour pour retirer, de l’initiative de l’administration, une décision illégale.

    Le délai va de quantième à quantième depuis la signature, sans report : il court contre
    l’administration. Une décision légale ne se retire pas, même pendant ce délai.

    Source: code des relations entre le public et l’administration, art. L. 242-1.
    """
    return compute_delai("retrait", signature)

"""Ce qui sort du pilotage : graphiques et tableur d’un indicateur, PDF du bilan."""

from socle.metiers.pilotage.exports.series import draw_serie, iter_lignes_csv

__all__ = ["draw_serie", "iter_lignes_csv"]

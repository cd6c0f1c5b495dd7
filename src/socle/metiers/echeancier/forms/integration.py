"""Ce qu’un partenaire choisit pour montrer l’échéancier chez lui."""

from urllib.parse import urlencode

from django import forms

from socle.fondations.commun.couleurs import ACCENT_PAR_DEFAUT, CouleurInvalide, correct_couleur
from socle.metiers.echeancier.forms.filtre import FiltreEcheances


class FiltreIntegration(FiltreEcheances):
    """Le filtre public, et la couleur du partenaire."""

    couleur = forms.CharField(
        label="Couleur de votre site",
        required=False,
        max_length=7,
        help_text="Un dièse et six chiffres ou lettres, par exemple #12694f. Trop pâle, elle est"
        " foncée pour rester lisible.",
    )

    def __init__(self, demande: dict[str, str]) -> None:
        """Lit l’adresse, puis vérifie le contraste de la couleur."""
        super().__init__(demande)
        self.couleur_retenue, self.avis = ACCENT_PAR_DEFAUT, ""
        if demandee := demande.get("couleur", ""):
            try:
                self.couleur_retenue, _, self.avis = correct_couleur(demandee[:20])
            except CouleurInvalide as refus:
                self.avis = f"{refus.message} {refus.suite}"

    @property
    def adresse_du_cadre(self) -> str:
        """Ce qui suit « /echeancier/integrer/ »."""
        suite = self.build_adresse(annee=None)
        if self.couleur_retenue == ACCENT_PAR_DEFAUT:
            return suite
        couleur = urlencode({"couleur": self.couleur_retenue.lstrip("#")})
        return f"{suite}&{couleur}" if suite else f"?{couleur}"

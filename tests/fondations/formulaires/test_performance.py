"""Budget du moteur, compté en temps processeur avec une large marge (cible : 3 ms)."""

from socle.fondations.formulaires.moteur import compile_formulaire
from socle.fondations.formulaires.rendu import render_page
from tests.fondations.formulaires.outils import MAINTENANT, make_definition
from tests.mesure import check_cpu

SAISIES = {
    "texte_court": "Bonjour", "texte_long": "Un long\ntexte", "nombre_entier": "21 600",
    "nombre_decimal": "1,5", "date": "2026-01-02", "case_a_cocher": "oui", "oui_non": "non",
    "courriel": "a@exemple.fr", "telephone": "0612345678", "siret": "21350238800019",
    "iban": "FR7630006000011234567890189", "civilite": "Mme",
}  # fmt: skip
CODES = [*SAISIES, *SAISIES]
CIBLE_MS, MARGE = 3.0, 5


def check_ms(geste, fois: int, limite: float) -> None:
    """Vérifie le temps processeur moyen d’un geste, en millisecondes."""
    geste()
    check_cpu(lambda: [geste() for _ in range(fois)], fois * limite / 1000)


def test_page_of_24_fields_is_read_checked_and_rendered_within_budget():
    definition = make_definition(
        *[{"type": code, "id": f"c{rang}", "libelle": f"Champ {rang}", "aide": "Une aide"}
          for rang, code in enumerate(CODES)]
    )  # fmt: skip
    postees = {f"c{rang}": SAISIES[code] for rang, code in enumerate(CODES)}
    formulaire = compile_formulaire(definition)

    def serve():
        saisie = formulaire.read_page("page", postees, {}, {}, maintenant=MAINTENANT)
        assert saisie.is_complete
        render_page(formulaire, "page", saisie.valeurs, maintenant=MAINTENANT, saisie=saisie)

    check_ms(serve, 30, CIBLE_MS * MARGE)


def test_large_form_is_evaluated_within_budget():
    """Mille champs conditionnés en chaîne : linéaire, sans récursion."""
    champs = [{"type": "oui_non", "id": "c0", "libelle": "Q ?"}]
    champs += [
        {"type": "oui_non", "id": f"c{rang}", "libelle": f"Q {rang} ?",
         "condition": ["=", ["champ", f"c{rang - 1}"], "oui"]}
        for rang in range(1, 1000)
    ]  # fmt: skip
    formulaire = compile_formulaire(make_definition(*champs))
    reponses = {f"c{rang}": True for rang in range(1000)}
    etat = formulaire.evaluate(reponses, maintenant=MAINTENANT)
    assert len(etat.visibles) == 1000
    check_ms(lambda: formulaire.evaluate(reponses, maintenant=MAINTENANT), 5, 100)

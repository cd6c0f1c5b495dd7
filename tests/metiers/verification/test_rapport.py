"""Le rapport : ce que l’ouvrier rend, mis en lignes que l’on lit."""

from socle.metiers.verification.exports.rapport import build_csv
from socle.metiers.verification.services.rapport import Changement, Faute, Rapport, build_rapport


def build(objet: dict, **lu: object) -> Rapport:
    defauts = {"valide": False, "phrases": [], "fautes": [], "notes": [], "nombre": 0}
    complet = defauts | lu | {"objet": objet}
    return build_rapport(complet, titre="Essai", norme="essai", fichier="f.csv")


def test_place_of_a_fault_says_no_less_than_the_norm_and_nothing_twice():
    cas = [
        ("Ligne 2, DATE", 2, "DATE", ("Ligne 2", "DATE")),
        ("", None, "", ("Fichier", "")),
        ("acte.xml, ligne 1, Nature", 1, "Nature", ("acte.xml, ligne 1, Nature", "")),
        ("Ligne 7, contrat A", 7, "montant", ("Ligne 7, contrat A", "montant")),
    ]
    for lieu, ligne, champ, attendu in cas:
        faute = Faute(lieu, ligne, champ, "c", "n", "m", "")
        assert (faute.ou, faute.colonne) == attendu


def test_details_of_errors_come_before_the_summary_of_events():
    erreur = {"ligne": 3, "champ": "A", "code": "c", "nom": "Nom", "message": "M", "cellule": "=1 "}
    riche = build({"erreurs": [erreur]}, fautes=[["Ligne 3, A", "c", "M"]], nombre=1)
    assert [(f.ou, f.colonne, f.cellule) for f in riche.fautes] == [("Ligne 3", "A", "=1␣")]
    assert b"3;A;'=1" in build_csv(riche)  # un tableur n’y voit pas de formule
    evenements = build({"evenements": []}, fautes=[["manifest.xml", "CHECK", "M"]], nombre=40)
    assert [(f.ou, f.code) for f in evenements.fautes] == [("manifest.xml", "CHECK")]
    assert evenements.tronque
    compte = build({"erreurs": [], "statistiques": {"erreurs": 12}})
    assert compte.nombre == 12


def test_words_of_the_command_line_are_left_out():
    objet = {"sortie": "/tmp/x/f_corrige.csv", "changements": [{"ligne": 2, "avant": "a "}]}
    phrases = ["2 changements, écrits dans /tmp/x/f_corrige.csv.", "3 remarques, dans --json."]
    rapport = build(objet, phrases=phrases, valide=True)
    assert rapport.phrases == ["2 changements.", "3 remarques, dans le rapport en JSON."]
    assert "sortie" not in rapport.objet
    assert rapport.changements == [Changement(2, "", "a␣", "", "")]


def test_report_goes_through_the_page_unchanged():
    erreur = {"ligne": 1, "champ": "é\ud800", "code": "c", "nom": "n", "message": "m" * 900}
    rapport = build({"erreurs": [erreur]}, notes=[["Fichier", "c", "note"]], nombre=1)
    assert Rapport.from_dict(rapport.to_dict()) == rapport
    assert rapport.fautes[0].champ == "é?"
    assert len(rapport.fautes[0].message) == 501

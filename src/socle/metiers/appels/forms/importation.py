"""Lire une liste d’appels, CSV ou JSON : tout est vérifié avant d’écrire quoi que ce soit."""

import json
from typing import Any

from django import forms

from socle.fondations.commun.tableur import FichierRefuse, ListeForm, decode_texte, read_csv
from socle.fondations.commun.textes import PAS_DU_TEXTE
from socle.metiers.appels.forms.appels import NouvelForm
from socle.metiers.appels.services.appels import CHAMPS
from socle.metiers.appels.services.importation import Ligne

LIGNES_MAX = 500
FAUTES_MAX = 50
VALEUR_MAX = 20_000
COLONNES = (*CHAMPS, "surete", "cloture", "cloture_texte")
# Ce que nos exports ajoutent, et qui ne s’importe pas.
IGNOREES = ("slug", "etat", "url", "verifie_le")
OBLIGATOIRES = ("titre", "organisateur", "genre", "source", "surete")
LISTES = ("themes", "genres", "territoires", "liens")


class ImportForm(ListeForm):
    fichier = forms.FileField(
        label="Fichier CSV ou JSON",
        help_text="1 Mo et 500 lignes au plus. Mêmes colonnes que nos exports : partez d’eux.",
        widget=forms.FileInput(attrs={"accept": ".csv,.json,text/csv,application/json"}),
    )


def read_appels(contenu: bytes) -> list[Ligne]:
    """Rend une clôture et une fiche vérifiées par ligne du fichier.

    Raises:
        FichierRefuse: au moins une faute ; chacune nomme sa ligne et sa colonne.
    """
    est_json = contenu.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    lignes = _read_json(contenu) if est_json else _read_tableau(contenu)
    formes, fautes = [], []
    for numero, ligne in lignes:
        forme = NouvelForm(_spread(ligne))
        formes.append(forme)
        fautes += [
            f"Ligne {numero}, {champ if champ != '__all__' else 'ensemble'} :"
            f" {' '.join(map(str, erreurs)).rstrip('.')}."
            for champ, erreurs in forme.errors.items()
        ]
        if len(fautes) >= FAUTES_MAX:
            fautes = [*fautes[:FAUTES_MAX], "Et peut-être d’autres : corrigez déjà celles-ci."]
            break
    if fautes:
        raise FichierRefuse(fautes)
    return [(forme.date_saisie, forme.fiche) for forme in formes]


def _read_tableau(contenu: bytes) -> list[tuple[int, dict[str, Any]]]:
    lues = read_csv(
        contenu, connues=(*COLONNES, *IGNOREES), obligatoires=OBLIGATOIRES, lignes_max=LIGNES_MAX
    )
    return [(numero, dict(ligne)) for numero, ligne in lues]


def _read_json(contenu: bytes) -> list[tuple[int, dict[str, Any]]]:
    """Lit `[{…}]` ou `{"appels": [{…}]}` ; une valeur est un texte, un nombre ou une liste."""
    try:
        lu = json.loads(decode_texte(contenu))
    except (ValueError, RecursionError) as cause:
        raise FichierRefuse(["Ce fichier n’est pas du JSON lisible."]) from cause
    appels = lu.get("appels") if isinstance(lu, dict) else lu
    if not isinstance(appels, list) or not appels:
        raise FichierRefuse(["Ce JSON n’a pas de liste d’appels."])
    if len(appels) > LIGNES_MAX:
        raise FichierRefuse([f"Le fichier a plus de {LIGNES_MAX} appels : coupez-le."])
    fautes = [faute for n, appel in enumerate(appels, 1) for faute in _check_objet(n, appel)]
    if fautes:
        raise FichierRefuse(fautes[:FAUTES_MAX])
    return list(enumerate(appels, 1))


def _check_objet(numero: int, appel: Any) -> list[str]:
    if not isinstance(appel, dict):
        return [f"Ligne {numero} : ce n’est pas un objet."]
    fautes = [
        f"Ligne {numero} : « {str(cle)[:40]} » n’est pas connu."
        for cle in appel
        if cle not in (*COLONNES, *IGNOREES)
    ]
    return fautes + [
        f"Ligne {numero}, {cle} : cette valeur ne se lit pas."
        for cle, valeur in appel.items()
        if not fautes and not _is_simple(valeur, est_liste=cle in LISTES)
    ]


def _is_simple(valeur: Any, *, est_liste: bool) -> bool:
    if isinstance(valeur, list):
        textes = all(isinstance(v, str) and _is_simple(v, est_liste=False) for v in valeur)
        return est_liste and len(valeur) <= 100 and textes
    if isinstance(valeur, str):
        return len(valeur) <= VALEUR_MAX and not PAS_DU_TEXTE.search(valeur)
    return valeur is None or (isinstance(valeur, int | float) and not isinstance(valeur, bool))


def _spread(ligne: dict[str, Any]) -> dict[str, Any]:
    """Range une ligne dans les champs du formulaire : les listes se séparent par « | »."""
    valeurs: dict[str, Any] = {
        cle: "" if valeur is None else valeur for cle, valeur in ligne.items() if cle in COLONNES
    }
    for cle in LISTES:
        brute = valeurs.get(cle, "")
        morceaux = brute if isinstance(brute, list) else str(brute).split("|")
        liste = [m.strip() for m in morceaux if m.strip()]
        en_lignes = {"territoires": ", ".join(liste), "liens": "\n".join(liste)}
        valeurs[cle] = en_lignes.get(cle, liste)
    return valeurs

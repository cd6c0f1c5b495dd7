"""Lire un fichier CSV d’obligations : tout est vérifié avant d’écrire quoi que ce soit."""

from typing import Any

from django import forms

from socle.fondations.commun.tableur import FichierRefuse, ListeForm, read_csv
from socle.metiers.echeancier.errors import ImportRefuse
from socle.metiers.echeancier.exports.fichiers import COLONNES
from socle.metiers.echeancier.forms.equipe import NouvelleForm
from socle.metiers.echeancier.models import Obligation

LIGNES_MAX = 500
FAUTES_MAX = 50
OBLIGATOIRES = ("titre", "court", "ministere", "theme", "surete")


class ImportForm(ListeForm):
    fichier = forms.FileField(
        label="Fichier CSV",
        help_text="1 Mo et 500 lignes au plus. Mêmes colonnes que l’export : partez de lui.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


def read_obligations(contenu: bytes) -> list[NouvelleForm]:
    """Rend un formulaire valide par ligne du fichier.

    Raises:
        ImportRefuse: au moins une faute ; chacune nomme sa ligne et sa colonne.
    """
    try:
        lignes = read_csv(
            contenu, connues=COLONNES, obligatoires=OBLIGATOIRES, lignes_max=LIGNES_MAX
        )
    except FichierRefuse as refus:
        raise ImportRefuse(refus.fautes) from refus
    formes: list[NouvelleForm] = []
    fautes: list[str] = []
    vus: set[str] = set(Obligation.objects.values_list("slug", flat=True).order_by("slug"))
    for numero, ligne in lignes:
        forme, fausses = _check_ligne(ligne)
        slug = forme.cleaned_data.get("slug", "") if forme.is_valid() else ""
        if slug and slug in vus:
            fausses.append(f"slug : une échéance « {slug} » existe déjà")
        vus.add(slug)
        fautes += [f"Ligne {numero}, {faute}." for faute in fausses]
        formes.append(forme)
        if len(fautes) >= FAUTES_MAX:
            fautes.append("Et peut-être d’autres : corrigez déjà celles-ci.")
            break
    if fautes:
        raise ImportRefuse(fautes)
    return formes


def _check_ligne(ligne: dict[str, str]) -> tuple[NouvelleForm, list[str]]:
    """Rend le formulaire de la ligne, et ses fautes."""
    valeurs: dict[str, Any] = dict(ligne)
    valeurs.setdefault("nature", "")
    valeurs["nature"] = valeurs["nature"] or "obligation"
    for cle in ("etapes", "liens"):
        valeurs[cle] = valeurs.get(cle, "").replace(" | ", "\n")
    valeurs["territoires"] = valeurs.get("territoires", "").replace(" | ", ",")
    fautes = _read_publics(valeurs)
    forme = NouvelleForm(valeurs)
    fautes += [
        f"{champ} : {' '.join(map(str, erreurs)).rstrip('.')}"
        for champ, erreurs in forme.errors.items()
    ]
    return forme, fautes


def _read_publics(valeurs: dict[str, Any]) -> list[str]:
    """Range « commune:3500- | epci » dans les cases du formulaire."""
    for texte in [t.strip() for t in valeurs.pop("publics", "").split("|") if t.strip()]:
        genre, _, bornes = texte.partition(":")
        bas, tiret, haut = bornes.partition("-")
        connu = f"g_{genre}" in NouvelleForm().fields
        if (
            not connu
            or (bornes and not tiret)
            or not all(not b or (b.isascii() and b.isdigit()) for b in (bas, haut))
        ):
            return [f"publics : « {texte[:30]} » ne se lit pas, écrivez « commune:3500- »"]
        valeurs |= {f"g_{genre}": "on", f"min_{genre}": bas.lstrip("0"), f"max_{genre}": haut}
    return []

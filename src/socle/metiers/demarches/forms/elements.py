"""Ajouter un champ ou une page, écrire un barème."""

from decimal import Decimal
from typing import Any

from django import forms

from socle.fondations.formulaires.edition.gestes import Definition, make_id
from socle.fondations.formulaires.edition.groupes import list_familles
from socle.fondations.formulaires.textes import format_nombre
from socle.fondations.formulaires.valeurs import read_decimal
from socle.metiers.demarches.forms.fiche import ServiceForm

TRANCHES_MAX = 200


class AjoutForm(forms.Form):
    """Ajouter un champ à une page ou à un bloc."""

    libelle = forms.CharField(
        label="Libellé", help_text="La question, telle que l’usager la lira.", max_length=300
    )
    type = forms.ChoiceField(label="Type de champ", choices=[])

    def __init__(self, *args: Any, dans_bloc: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = list_familles(dans_bloc=dans_bloc)  # type: ignore[attr-defined]


class NouvellePageForm(forms.Form):
    titre = forms.CharField(label="Titre de la nouvelle page", max_length=300)


class BaremeForm(forms.Form):
    """Table à seuils : « jusqu’à ; valeur » par ligne, la dernière sans borne."""

    libelle = forms.CharField(
        label="Libellé", help_text="Par exemple « Tarif de la cantine ».", max_length=300
    )
    tranches = forms.CharField(
        label="Tranches",
        help_text="Une par ligne, de la plus basse à la plus haute : la borne, un point-virgule, "
        "la valeur. La dernière n’a pas de borne. Exemple : « 300 ; 0,90 », puis « ; 5,20 ».",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    borne_incluse = forms.BooleanField(label="Chaque borne est comprise", required=False)
    unite = forms.CharField(
        label="Unité des bornes",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "court"}),
    )
    unite_valeur = forms.CharField(
        label="Unité de la valeur",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "court"}),
    )
    acte = forms.CharField(
        label="Acte qui fixe le barème",
        help_text="Par exemple « Délibération n° 2026-118 du 16 novembre 2026 ».",
        max_length=300,
        required=False,
    )

    def __init__(
        self,
        donnees: Any = None,
        *,
        bareme: dict[str, Any] | None = None,
        definition: Definition,
    ) -> None:
        self.identifiant = bareme["id"] if bareme else ""
        self.definition = definition
        depart = {"borne_incluse": True} | (bareme or {})
        if bareme:
            depart["tranches"] = write_tranches(bareme.get("tranches", []))
        super().__init__(donnees, initial=depart)
        for champ in self.fields.values():
            champ.sans_mention = not champ.required  # type: ignore[attr-defined]

    def clean_tranches(self) -> list[dict[str, float]]:
        lignes = [x.strip() for x in self.cleaned_data["tranches"].splitlines() if x.strip()]
        if len(lignes) > TRANCHES_MAX:
            raise forms.ValidationError(f"Un barème a {TRANCHES_MAX} tranches au plus.")
        return [_parse_numerotee(n, ligne) for n, ligne in enumerate(lignes, 1)]

    def bareme(self) -> dict[str, Any]:
        """Rend le barème à enregistrer ; un barème connu garde son nom dans les formules."""
        identifiant = self.identifiant or make_id(self.definition, self.cleaned_data["libelle"])
        return {"id": identifiant} | self.cleaned_data


def _parse_numerotee(numero: int, ligne: str) -> dict[str, float]:
    try:
        return parse_tranche(ligne)
    except ValueError as cause:
        raise forms.ValidationError(
            f"Ligne {numero}, « {ligne[:60]} » : écrivez une borne, un point-virgule et une "
            "valeur, comme « 300 ; 0,90 »."
        ) from cause


def parse_tranche(ligne: str) -> dict[str, float]:
    """Lit « 300 ; 0,90 » ou « ; 5,20 ».

    Raises:
        ValueError: point-virgule absent, nombre illisible.
    """
    borne, separe, valeur = ligne.partition(";")
    lue = read_decimal(valeur)
    if not separe or lue is None:
        raise ValueError(ligne)
    if not borne.strip():
        return {"valeur": float(lue)}
    seuil = read_decimal(borne)
    if seuil is None:
        raise ValueError(ligne)
    return {"jusqu_a": float(seuil), "valeur": float(lue)}


def write_tranches(tranches: list[dict[str, Any]]) -> str:
    """Inverse de la saisie, pour rouvrir un barème."""
    return "\n".join(
        f"{_write(t.get('jusqu_a'))} ; {_write(t['valeur'])}".strip() for t in tranches
    )


def _write(nombre: Any) -> str:
    if nombre is None:
        return ""
    return format_nombre(Decimal(str(nombre)), decimales=6).replace("\u202f", "")


class ModeleForm(forms.Form):
    """Fichier à remplir, joint à une pièce."""

    fichier = forms.FileField(
        label="Modèle à remplir",
        help_text="PDF, texte ou tableur, 20 Mo au plus. L’usager le télécharge, le remplit, puis "
        "le joint.",
        max_length=200,
    )


class ImportForm(ServiceForm):
    fichier = forms.FileField(
        label="Fichier de la démarche",
        help_text="Un fichier .json obtenu par « Télécharger la démarche », ici ou ailleurs.",
    )

"""Un octroi tel que l’équipe le saisit ; versements, pièces, somme rendue ; bilan."""

from typing import Any

from django import forms

from socle.fondations.commun.verrou import FormulaireVerrouille, mark_valeurs
from socle.fondations.referentiels.models import Autorite
from socle.fondations.referentiels.queries import find_autorite, get_autorite, get_commune
from socle.metiers.appels.enums import EtatJustificatif, EtatVersement, NatureAide
from socle.metiers.appels.forms.appels import CLE, JOUR, LigneField
from socle.metiers.appels.models import Octroi
from socle.metiers.appels.services.octrois import PROGRAMME, describe_fiche


def _euros(libelle: str) -> Any:
    return forms.DecimalField(
        label=libelle, min_value=0.01, max_digits=12, decimal_places=2, localize=False
    )


class AutoriteField(forms.CharField):
    """SIREN, code Insee ou clé d’une collectivité ; rend sa ligne du code officiel."""

    def clean(self, value: Any) -> Autorite | None:
        texte = str(super().clean(value)).replace(" ", "").replace("\x00", "")
        if not texte:
            return None
        trouvee = get_autorite(texte.lower()) or find_autorite(texte)
        if trouvee is None and (commune := get_commune(texte.upper())):
            trouvee = get_autorite(f"commune-{commune.code}")
        if trouvee is None:
            raise forms.ValidationError("Aucune collectivité n’a ce SIREN ou ce code.")
        return trouvee


class OctroiForm(forms.Form):
    titre = LigneField(label="Objet", max_length=256)
    montant = _euros("Montant accordé (euros)")
    decide_le = forms.DateField(label="Décidé le", widget=JOUR)
    attribuant = LigneField(label="Attribuant", max_length=150, initial=PROGRAMME)
    attribuant_siret = forms.RegexField(
        label="SIRET de l’attribuant", regex=r"^\d{14}$", required=False,
        help_text="Quatorze chiffres ; demandé dans les données ouvertes.",
    )  # fmt: skip
    nature = forms.ChoiceField(label="Nature", choices=NatureAide.choices)
    conditions = LigneField(label="Conditions de versement", max_length=256, required=False)
    reference = LigneField(label="Référence de la décision", max_length=100, required=False)
    convention = LigneField(label="Référence de la convention", max_length=120, required=False)
    convention_le = forms.DateField(label="Convention signée le", required=False, widget=JOUR)
    notification_ue = forms.BooleanField(label="Notifié à la Commission européenne", required=False)
    appel = forms.RegexField(
        label="Appel ou consultation", regex=CLE, required=False, max_length=120,
        help_text="Sa clé, « appel:aide-aux-petites-communes ».",
    )  # fmt: skip

    def __init__(self, *args: Any, octroi: Octroi | None = None, **kwargs: Any) -> None:
        if octroi is not None:
            kwargs.setdefault("initial", read_octroi(octroi))
        super().__init__(*args, **kwargs)

    @property
    def fiche(self) -> dict[str, Any]:
        """Valeurs de la fiche, sauf le montant, l’objet et la collectivité."""
        hors = ("titre", "montant", "autorite", "empreinte")
        return {cle: valeur for cle, valeur in self.cleaned_data.items() if cle not in hors}


class FicheOctroiForm(FormulaireVerrouille, OctroiForm):
    """Corriger un octroi ; la page porte l’empreinte de ce qu’elle montrait."""


def read_octroi(octroi: Octroi) -> dict[str, Any]:
    """Rend la fiche d’un octroi telle que le formulaire la montre, avec son empreinte."""
    return mark_valeurs(describe_fiche(octroi))


class NouvelOctroiForm(OctroiForm):
    field_order = ("autorite", "titre", "montant", "decide_le")
    autorite = AutoriteField(
        label="Collectivité", max_length=30, help_text="Son SIREN, ou le code Insee d’une commune."
    )


class VersementForm(forms.Form):
    echeance = forms.DateField(label="Échéance", widget=JOUR)
    montant = _euros("Montant (euros)")
    condition = LigneField(label="Condition", max_length=300, required=False)


class EtatVersementForm(forms.Form):
    etat = forms.ChoiceField(label="État", choices=EtatVersement.choices, widget=forms.RadioSelect)
    le = forms.DateField(label="Le", widget=JOUR)
    motif = LigneField(
        label="Pourquoi", help_text="Demandé pour un refus.", max_length=300, required=False
    )


class PieceForm(forms.Form):
    demande = LigneField(label="Pièce demandée", max_length=200)
    attendu_le = forms.DateField(label="Attendue le", widget=JOUR)


class JugementForm(forms.Form):
    etat = forms.ChoiceField(
        label="Cette pièce est",
        choices=[(e.value, e.label) for e in (EtatJustificatif.ACCEPTE, EtatJustificatif.REFUSE)],
        widget=forms.RadioSelect,
    )
    motif = LigneField(
        label="Pourquoi elle est à refaire", max_length=300, required=False,
        help_text="Lu par la collectivité.",
    )  # fmt: skip


class RetourForm(forms.Form):
    montant = _euros("Somme rendue (euros)")
    le = forms.DateField(label="Rendue le", widget=JOUR)
    motif = LigneField(label="Pourquoi", max_length=300)


class DepotForm(forms.Form):
    piece = forms.IntegerField(widget=forms.HiddenInput(), localize=False)
    fichier = forms.FileField(
        label="Fichier", help_text="PDF, image, tableur ou texte ; 20 Mo au plus."
    )


class BilanForm(FormulaireVerrouille):
    bilan = forms.CharField(
        label="Le bilan", max_length=10_000,
        help_text="Public une fois l’octroi soldé. N’écrivez le nom d’aucune personne.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip

"""Répondre à une convocation, voter, déléguer, s’inscrire à un atelier."""

from django import forms

from socle.metiers.gouvernance.enums import Sens
from socle.metiers.gouvernance.models import Reunion, Siege
from socle.metiers.gouvernance.queries.membres import AVoter


class VoteForm(forms.Form):
    """La voix d’un siège, sur le texte dont l’empreinte est affichée."""

    siege = forms.ChoiceField(label="Au titre de", widget=forms.RadioSelect)
    sens = forms.ChoiceField(label="Votre vote", choices=Sens.choices, widget=forms.RadioSelect)
    empreinte = forms.CharField(widget=forms.HiddenInput(), max_length=64)

    def __init__(self, voix: list[AVoter], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choix = [
            (str(v.siege.pk), f"{v.siege.organisation} ({v.titre.label})") for v in voix if v.titre
        ]
        self.fields["siege"].choices = choix  # type: ignore[attr-defined]
        if len(choix) == 1:
            self.fields["siege"].initial = choix[0][0]


class DelegationForm(forms.Form):
    """Confier sa voix à un membre de son collège, pour une réunion ou pour une période."""

    beneficiaire = forms.ChoiceField(label="À qui", widget=forms.RadioSelect)
    reunion = forms.ChoiceField(
        label="Pour quelle réunion",
        required=False,
        help_text="Vide : une période. La voix vaut aussi pour les votes en ligne de ces jours-là.",
    )
    du = forms.DateField(
        label="À partir du",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    au = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(
        self, beneficiaires: list[Siege], reunions: list[Reunion], *args: object, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["beneficiaire"].choices = [  # type: ignore[attr-defined]
            (str(s.pk), f"{s.organisation}, {s.titulaire}") for s in beneficiaires
        ]
        self.fields["reunion"].choices = [  # type: ignore[attr-defined]
            ("", "Aucune : une période"),
            *((str(r.pk), f"{r.titre}, {r.debut:%d/%m/%Y}") for r in reunions),
        ]

    def clean(self) -> dict[str, object]:
        valeurs: dict[str, object] = super().clean() or {}
        if not valeurs.get("reunion") and not (valeurs.get("du") and valeurs.get("au")):
            self.add_error("du", "Choisissez une réunion, ou donnez les deux dates.")
        return valeurs


class InscriptionForm(forms.Form):
    remplissage = {"organisation": "organization"}
    organisation = forms.CharField(
        label="Votre organisation", help_text="Commune, ministère, association…", max_length=200
    )

"""Filtre de la liste de l’archiviste, réponse du service d’archives, réglages de l’archivage."""

import re

from django import forms
from django.http import QueryDict

from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.metiers.archivage.enums import EtatVersement, SensDeReponse
from socle.metiers.archivage.models import Versement
from socle.metiers.archivage.ports import Reponse


class FiltreVersements(forms.Form):
    q = forms.CharField(label="Référence ou titre", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *EtatVersement.choices]
    )


class FichierDeReponseForm(forms.Form):
    """Le fichier que le système d’archivage a rendu."""

    prefix = "fichier"
    fichier = forms.FileField(
        label="Réponse du système d’archivage",
        help_text="Le fichier XML « ArchiveTransferReply » (ATR) ou « Acknowledgement », tel quel."
        " 4 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )
    confirme = forms.BooleanField(
        label="Ce fichier ne nomme aucun versement : je confirme qu’il refuse bien celui-ci",
        required=False,
    )

    def ask_confirmation(self, demandee: bool) -> None:
        """Ne montre la case que si le fichier lu l’a demandée."""
        if not demandee:
            del self.fields["confirme"]


class ReponseForm(forms.Form):
    """La réponse reçue sur papier, par courriel ou au téléphone, notée à la main."""

    prefix = "main"
    message = forms.CharField(widget=forms.HiddenInput(), max_length=100)
    sens = forms.ChoiceField(
        label="Que dit le service d’archives ?",
        choices=SensDeReponse.choices,
        widget=forms.RadioSelect,
    )
    date = forms.DateField(
        label="Date de sa réponse",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    reference = forms.CharField(
        label="Référence qu’il a donnée",
        help_text="S’il accepte : cote, numéro d’entrée. Elle reste après l’élimination.",
        max_length=200,
        required=False,
    )
    motif = forms.CharField(
        label="Pourquoi il refuse",
        help_text="S’il refuse. Sans nom de personne.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, versement: Versement, saisie: QueryDict | None = None) -> None:
        super().__init__(saisie, initial={"message": versement.message})

    def clean(self) -> dict[str, object]:
        valeurs: dict[str, object] = super().clean() or {}
        sens = valeurs.get("sens")
        if sens == SensDeReponse.ACCEPTE and not valeurs.get("reference"):
            self.add_error("reference", "Donnez la référence : une cote, un numéro d’entrée…")
        if sens == SensDeReponse.REFUSE and not valeurs.get("motif"):
            self.add_error("motif", "Dites pourquoi : ce motif guide la correction.")
        return valeurs

    def build_reponse(self) -> Reponse:
        """Rend la réponse saisie ; `services.record_reponse` la vérifie."""
        valeurs = self.cleaned_data
        accepte = valeurs["sens"] == SensDeReponse.ACCEPTE
        return Reponse(
            sens=valeurs["sens"],
            message=valeurs["message"],
            date=valeurs["date"],
            reference=valeurs["reference"].strip() if accepte else "",
            motif=valeurs["motif"].strip() if valeurs["sens"] == SensDeReponse.REFUSE else "",
        )


class IdentifiantField(forms.CharField):
    """Identifiant donné par un service d’archives : imprimable, sans blanc autour, sans saut."""

    def clean(self, value: object) -> str:
        propre = re.sub(r"\s+", " ", str(super().clean(value))).strip()
        if not propre.isprintable() or any(signe in propre for signe in "<>&\"'"):
            raise forms.ValidationError("Ni guillemet, ni « < », ni « > », ni « & ».")
        return propre


class ReglagesForm(FormulaireVerrouille):
    """Identifiants écrits dans chaque bordereau SEDA. Vides, la page dit ce qui les remplace."""

    contrat = IdentifiantField(
        label="Contrat d’entrée",
        required=False,
        max_length=100,
        help_text="Aussi nommé accord de versement (ArchivalAgreement). Exemple : IC-000001.",
    )
    service_archives = IdentifiantField(
        label="Service d’archives qui reçoit",
        required=False,
        max_length=100,
        help_text="Son identifiant (ArchivalAgency). Exemple : FRAD092 pour les Archives"
        " départementales des Hauts-de-Seine.",
    )
    service_versant = IdentifiantField(
        label="Service qui verse",
        required=False,
        max_length=100,
        help_text="Vous, tel que le service d’archives vous nomme (TransferringAgency). Sans"
        " réponse, votre SIREN.",
    )
    producteur = IdentifiantField(
        label="Service producteur",
        required=False,
        max_length=100,
        help_text="Qui a produit les dossiers (OriginatingAgencyIdentifier) : souvent vous aussi."
        " Sans réponse, votre SIREN.",
    )

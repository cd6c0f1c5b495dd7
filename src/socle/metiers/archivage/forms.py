"""Filtre de la liste de l’archiviste, lisible dans l’adresse ; réglages de l’archivage."""

import re

from django import forms

from socle.metiers.archivage.enums import EtatVersement


class FiltreVersements(forms.Form):
    q = forms.CharField(label="Référence ou titre", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *EtatVersement.choices]
    )


class IdentifiantField(forms.CharField):
    """Identifiant donné par un service d’archives : imprimable, sans blanc autour, sans saut."""

    def clean(self, value: object) -> str:
        propre = re.sub(r"\s+", " ", str(super().clean(value))).strip()
        if not propre.isprintable() or any(signe in propre for signe in "<>&\"'"):
            raise forms.ValidationError("Ni guillemet, ni « < », ni « > », ni « & ».")
        return propre


class ReglagesForm(forms.Form):
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

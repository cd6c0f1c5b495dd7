"""Formulaires de l’opérateur et des réglages d’une collectivité ; filtre du journal."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from stdnum.exceptions import ValidationError as NumeroFaux
from stdnum.fr import siren as sirens
from stdnum.fr import siret as sirets

from socle.fondations.administration.enums import ACTIONS
from socle.fondations.collectivites.enums import GenreCollectivite
from socle.fondations.collectivites.services import LOGO_MAX
from socle.fondations.commun.couleurs import CouleurInvalide, correct_couleur
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.images import measure_image
from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.fondations.comptes.enums import GenreCompte, RoleProgramme
from socle.fondations.comptes.queries import find_compte

REFERENCE = re.compile(r"\d{9}-\d{4}-(\d{1,10})")
HOTE = r"(?i)^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$"


class AccesForm(forms.Form):
    """Où se trouve la collectivité dans l’installation."""

    slug = forms.SlugField(
        label="Adresse courte",
        max_length=80,
        help_text="Des lettres, des chiffres et des tirets. Elle ne devrait plus changer.",
    )
    hote = forms.RegexField(
        HOTE,
        label="Nom d’hôte",
        required=False,
        max_length=200,
        help_text="Par exemple demarches.clamart.fr, s’il pointe déjà vers ce serveur.",
        error_messages={"invalid": "Écrivez un nom complet, par exemple demarches.clamart.fr."},
    )

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()

    def clean_hote(self) -> str | None:
        return str(self.cleaned_data["hote"]).lower() or None


class AccesExistantForm(FormulaireVerrouille, AccesForm):
    """L’accès d’une collectivité déjà là : on peut aussi la fermer."""

    active = forms.BooleanField(label="Ouverte au public et aux agents", required=False)


class CreationForm(AccesForm):
    """Une collectivité entière en une page, préremplie d’après le COG."""

    nom = forms.CharField(label="Nom", max_length=200)
    genre = forms.ChoiceField(label="Genre", choices=GenreCollectivite.choices)
    siren = forms.CharField(label="SIREN", max_length=11, help_text="Neuf chiffres.")
    siret = forms.CharField(
        label="SIRET du siège", required=False, max_length=17, help_text="Quatorze chiffres."
    )
    code_cog = forms.CharField(label="Code Insee", required=False, max_length=9)
    departement = forms.CharField(label="Département", required=False, max_length=3)
    population = forms.IntegerField(label="Population", required=False, min_value=0)
    courriel = forms.EmailField(label="Courriel public", required=False)
    telephone = forms.CharField(label="Téléphone", required=False, max_length=30)
    adresse = forms.CharField(
        label="Adresse postale", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    administrateur = forms.EmailField(
        label="Courriel de la personne qui l’administrera",
        required=False,
        help_text="Elle reçoit une invitation, valable 48 heures. Vous pouvez attendre.",
    )
    field_order = ("nom", "genre", "siren", "siret", "slug", "hote")

    def clean_siren(self) -> str:
        try:
            return str(sirens.validate(self.cleaned_data["siren"]))
        except NumeroFaux as cause:
            raise forms.ValidationError(
                "Ce numéro n’est pas un SIREN : il a neuf chiffres, le dernier est une clé."
            ) from cause

    def clean_siret(self) -> str:
        if not self.cleaned_data["siret"]:
            return ""
        try:
            return str(sirets.validate(self.cleaned_data["siret"]))
        except NumeroFaux as cause:
            raise forms.ValidationError(
                "Ce numéro n’est pas un SIRET : il a quatorze chiffres, le dernier est une clé."
            ) from cause

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        siren, siret = donnees.get("siren"), donnees.get("siret")
        if siren and siret and not siret.startswith(siren):
            self.add_error("siret", "Ce SIRET n’est pas un établissement de ce SIREN.")
        return donnees


class InviteForm(forms.Form):
    """Inviter une administratrice depuis l’opérateur."""

    administrateur = forms.EmailField(label="Courriel de la personne")


class MembreProgrammeForm(forms.Form):
    """Nommer un membre du programme : la personne a déjà un compte d’agent."""

    courriel = forms.EmailField(
        label="Courriel de la personne",
        help_text="Celui de son compte d’agent : elle s’est déjà connectée une fois ici.",
    )
    role = forms.ChoiceField(label="Rôle", choices=RoleProgramme.choices)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if courriel := donnees.get("courriel"):
            donnees["compte"] = find_compte(GenreCompte.AGENT, courriel)
            if donnees["compte"] is None:
                self.add_error(
                    "courriel",
                    "Aucun compte d’agent n’a ce courriel. Invitez la personne, ou demandez-lui"
                    " de se connecter une fois.",
                )
        return donnees


class FicheForm(FormulaireVerrouille):
    """Identité et coordonnées montrées au public et sur les lettres."""

    nom = forms.CharField(label="Nom", max_length=200)
    courriel = forms.EmailField(
        label="Courriel public", required=False, help_text="Les réponses aux courriels y arrivent."
    )
    telephone = forms.CharField(label="Téléphone", required=False, max_length=30)
    adresse = forms.CharField(
        label="Adresse postale", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    site = forms.URLField(label="Site", required=False, assume_scheme="https")


class ApparenceForm(FormulaireVerrouille):
    """Logo et couleur. Une couleur qui se lit mal est foncée, et c’est dit."""

    couleur = forms.CharField(
        label="Couleur principale",
        max_length=9,
        help_text="Un dièse et six chiffres ou lettres de A à F, par exemple #12694f.",
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        help_text=f"PNG, JPEG ou WebP, {LOGO_MAX // 1000} ko au plus. Pas de SVG.",
    )
    oter_logo = forms.BooleanField(label="Ôter le logo actuel", required=False)

    remarque = ""

    def clean_couleur(self) -> str:
        try:
            retenue, _, self.remarque = correct_couleur(self.cleaned_data["couleur"])
        except CouleurInvalide as refus:
            raise forms.ValidationError(f"{refus.message} {refus.suite}") from refus
        return retenue

    def clean_logo(self) -> bytes | None:
        fichier: UploadedFile | None = self.cleaned_data["logo"]
        if fichier is None:
            return None
        if (fichier.size or 0) > LOGO_MAX:
            raise forms.ValidationError(
                "Ce logo pèse plus de 200 ko. Réduisez-le : 400 pixels de haut suffisent."
            )
        contenu = fichier.read()
        try:
            measure_image(contenu)
        except ErreurMetier as refus:
            raise forms.ValidationError(f"{refus.message} {refus.suite}") from refus
        return contenu


class ServiceForm(FormulaireVerrouille):
    """Un service et ses coordonnées, imprimées sur chaque accusé (CRPA, art. R. 112-11-1)."""

    nom = forms.CharField(label="Nom du service", max_length=200)
    courriel = forms.EmailField(
        label="Courriel", help_text="Un courriel ou une adresse postale.", required=False
    )
    telephone = forms.CharField(
        label="Téléphone",
        help_text="Nécessaire pour publier une démarche de ce service.",
        required=False,
        max_length=30,
    )
    adresse = forms.CharField(
        label="Adresse postale", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    horaires = forms.CharField(
        label="Horaires", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    actif = forms.BooleanField(
        label="Service ouvert",
        required=False,
        initial=True,
        help_text="Fermé, il n’est plus proposé ; ses dossiers restent.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Exigés d’un service ouvert : « facultatif » serait faux, l’aide dit ce qu’il faut.
        for nom in ("courriel", "telephone", "adresse"):
            self.fields[nom].sans_mention = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        ecrit = donnees.get("courriel") or donnees.get("adresse")
        if donnees.get("actif") and not ecrit:
            raise forms.ValidationError(
                "Donnez un courriel ou une adresse postale : l’accusé de réception doit dire où"
                " écrire au service (code des relations entre le public et l’administration, art."
                " R. 112-11-1)."
            )
        if donnees.get("actif") and not donnees.get("telephone") and "telephone" not in self.errors:
            self.add_error(
                "telephone",
                "Donnez un numéro : l’accusé de réception doit permettre d’appeler le service.",
            )
        return donnees


class FiltreJournal(forms.Form):
    """Filtre du journal, lisible dans l’adresse."""

    action = forms.ChoiceField(label="Action", required=False)
    objet = forms.CharField(
        label="Dossier ou objet",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": "44171, regle:3"}),
    )
    acteur = forms.CharField(
        label="Agent ou personne",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": "courriel d’agent, usager:34"}),
    )
    debut = forms.DateField(
        label="Du", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    fin = forms.DateField(
        label="Au", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = sorted(ACTIONS.items(), key=lambda paire: paire[1].casefold())
        voulue = str(self.data.get("action", ""))[:80]
        if voulue and voulue not in ACTIONS:  # action d’une version plus récente
            choix.append((voulue, voulue))
        self.fields["action"].choices = [("", "Toutes"), *choix]  # type: ignore[attr-defined]
        for champ in self.fields.values():
            champ.sans_mention = True  # type: ignore[attr-defined]  # un filtre ne s’exige jamais

    def clean_objet(self) -> str:
        """« 44171 » et « 219200235-2026-44171 » désignent le dossier 44171."""
        objet = str(self.cleaned_data["objet"]).strip()
        if trouve := REFERENCE.fullmatch(objet):
            return f"dossier:{trouve[1]}"
        return f"dossier:{objet}" if objet.isdecimal() else objet

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin vient après le début.")
        return donnees

    def read_criteres(self) -> dict[str, Any]:
        """Critères de `queries.search_journal`, jours de Paris changés en instants."""
        lus = self.cleaned_data
        debut, fin = lus["debut"], lus["fin"]
        lendemain = fin + timedelta(days=1) if fin and fin.year < 9999 else None
        return {
            "action": lus["action"],
            "objet": lus["objet"],
            "acteur": lus["acteur"].strip(),
            "debut": datetime.combine(debut, time(), PARIS) if debut else None,
            "fin": datetime.combine(lendemain, time(), PARIS) if lendemain else None,
        }

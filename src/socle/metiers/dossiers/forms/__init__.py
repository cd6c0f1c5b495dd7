"""Formulaires fixes des pages de dossiers (le formulaire d’une démarche est ailleurs)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms

from socle.fondations.commun.verrou import FormulaireVerrouille
from socle.fondations.comptes.models import Compte
from socle.fondations.notifications.errors import BalisesInconnues
from socle.fondations.notifications.services import check_balises
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.enums import Canal, Moyen, SuiteDuPli, Transition
from socle.metiers.dossiers.errors import DateImpossible
from socle.metiers.dossiers.forms.motifs import RebaseForm, ReouvertureForm, RetraitForm
from socle.metiers.dossiers.queries.liste import Choix
from socle.metiers.dossiers.services.complements import check_limite, compute_limite
from socle.metiers.dossiers.services.guichet import check_reception
from socle.metiers.dossiers.services.phrases import MODELE
from socle.normes.delais.calculs import to_jour

__all__ = ["RebaseForm", "ReouvertureForm", "RetraitForm"]  # leurs fichiers, une seule adresse

FILES = {
    "a_traiter": "À traiter",
    "bientot": "Échéance sous 5 jours",
    "chez_usager": "Chez l’usager",
    "suivis": "Que je suis",
    "termines": "Terminés",
    "tous": "Tous",
}


TRIS = {
    "echeance": "Du plus pressé au moins pressé",
    "recent": "Du plus récent au plus ancien",
    "ancien": "Du plus ancien au plus récent",
}
RECHERCHE_MAX = 100


class ChampDeRecherche(forms.CharField):
    """Texte de recherche : raccourci plutôt que refusé, et sans caractère nul."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\0", " ")[:RECHERCHE_MAX].strip()


class FiltreDossiers(forms.Form):
    """Filtres de la liste des agents, lisibles dans l’adresse."""

    q = ChampDeRecherche(
        label="Nom, numéro ou mot du dossier",
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "data-touche": "/", "maxlength": RECHERCHE_MAX}
        ),
    )
    demarche = forms.TypedChoiceField(
        label="Démarche", required=False, coerce=int, empty_value=None
    )
    file = forms.ChoiceField(
        label="File", required=False, choices=[("", "À traiter, sauf recherche"), *FILES.items()]
    )
    service = forms.TypedChoiceField(label="Service", required=False, coerce=int, empty_value=None)
    canal = forms.ChoiceField(
        label="Reçu", required=False, choices=[("", "Par tous les canaux"), *Canal.choices]
    )
    du = forms.DateField(
        label="Déposé à partir du", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    au = forms.DateField(
        label="Jusqu’au", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    tri = forms.ChoiceField(
        label="Ordre", required=False, choices=[("", "Celui de la file"), *TRIS.items()]
    )

    def __init__(self, *args: Any, demarches: Iterable[Choix], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        demarches = list(demarches)
        services = {d.service_id: d.service for d in demarches if d.service_id}
        tries = sorted(services.items(), key=lambda s: str(s[1]).lower())
        self.fields["demarche"].choices = [  # type: ignore[attr-defined]
            ("", "Toutes"),
            *((d.pk, d.titre) for d in demarches),
        ]
        self.fields["service"].choices = [("", "Tous"), *tries]  # type: ignore[attr-defined]
        for champ in self.fields.values():
            champ.sans_mention = True  # type: ignore[attr-defined]  # un filtre ne s’exige jamais

    def clean(self) -> dict[str, Any]:
        lus = super().clean() or {}
        if lus.get("du") and lus.get("au") and lus["au"] < lus["du"]:
            self.add_error(
                "au", "Cette date précède la première : la fin n’est pas prise en compte."
            )
        return lus


class MessageForm(forms.Form):
    corps = forms.CharField(
        label="Votre message", max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReponseForm(MessageForm):
    """Message d’un agent : la touche M y mène."""

    corps = forms.CharField(
        label="Répondre à l’usager",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "data-touche": "m"}),
    )


class CorrectionForm(forms.Form):
    corps = forms.CharField(
        label="Que doit corriger l’usager ?",
        help_text="Nommez chaque réponse à revoir. L’usager reçoit ce texte.",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    limite = forms.DateField(
        label="Jusqu’au",
        help_text="Dernier jour pour corriger. D’ici là, le délai légal de réponse ne court pas.",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, maintenant: datetime | None = None, **kwargs: Any) -> None:
        # Le message est sur la même page, sous le même nom : deux champs, deux identifiants.
        super().__init__(*args, **kwargs)
        self.auto_id = "id_correction_%s"
        self.aujourdhui = to_jour(maintenant) if maintenant else None
        limite = self.fields["limite"]
        limite.sans_mention = True  # type: ignore[attr-defined]  # vide : trente jours
        limite.initial = compute_limite(self.aujourdhui) if self.aujourdhui else None

    def clean_limite(self) -> date | None:
        limite: date | None = self.cleaned_data["limite"]
        try:
            if limite and self.aujourdhui:
                check_limite(limite, self.aujourdhui)
        except DateImpossible as refus:
            raise forms.ValidationError(f"{refus.message} {refus.suite}") from refus
        return limite


class DecisionForm(forms.Form):
    """Décider : le motif est dû pour un refus ou un classement (CRPA, art. L. 211-2).

    Rien n’est choisi d’avance : une décision se prend. Le manque est dit par la page, en français.
    """

    use_required_attribute = False
    transition = forms.ChoiceField(
        label="Décision",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une décision."},
        choices=[
            (t.value, t.label)
            for t in (Transition.ACCEPTER, Transition.REFUSER, Transition.CLASSER_SANS_SUITE)
        ],
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Obligatoire pour un refus ou un classement. Il figure dans la décision.",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        accepte = donnees.get("transition") == Transition.ACCEPTER
        if "transition" in donnees and not accepte and not donnees.get("motif", "").strip():
            self.add_error("motif", "Écrivez le motif : l’usager doit savoir pourquoi.")
        return donnees


class LienForm(forms.Form):
    """Où envoyer le lien qui rouvre une demande commencée sans compte."""

    courriel = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Elle ne sert qu’à ce lien, et à vous prévenir avant d’effacer la demande.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class JourForm(forms.Form):
    """Base des formulaires qui notent une date : le champ natif du navigateur, en ISO."""

    @staticmethod
    def build_jour(libelle: str, aide: str, *, required: bool = True) -> forms.DateField:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(label=libelle, help_text=aide, widget=widget, required=required)


class ReceptionForm(JourForm):
    """Le jour où une demande, ou une correction, est arrivée ; vide, aujourd’hui."""

    recue_le = JourForm.build_jour(
        "Reçue le",
        "Le jour où la personne est venue ou a appelé, ou celui du tampon d’arrivée sur sa lettre."
        " Le délai légal de réponse part de ce jour.",
        required=False,
    )

    def __init__(
        self, *args: Any, maintenant: datetime, depuis: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.maintenant, self.depuis = maintenant, depuis
        champ = self.fields["recue_le"]
        champ.sans_mention = True  # type: ignore[attr-defined]  # vide, c’est aujourd’hui
        champ.initial = to_jour(maintenant)
        champ.widget.attrs["max"] = to_jour(maintenant).isoformat()

    def clean_recue_le(self) -> date:
        jour: date = self.cleaned_data["recue_le"] or to_jour(self.maintenant)
        try:
            check_reception(jour, self.maintenant, depuis=self.depuis)
        except DateImpossible as refus:
            raise forms.ValidationError(f"{refus.message} {refus.suite}") from refus
        return jour


class VisaForm(forms.Form):
    """Le visa reçu des Archives, tel qu’il est écrit sur le bordereau."""

    visa_par = forms.CharField(
        label="Qui a visé ?",
        help_text="Nom et qualité : « Directrice des Archives départementales ».",
        max_length=300,
    )
    visa_reference = forms.CharField(label="Référence du visa", max_length=100)
    visa_le = forms.DateField(
        label="Date du visa", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    confirme = forms.BooleanField(
        label="J’ai le bordereau visé, et je sais que la destruction est sans retour"
    )


class GuichetForm(ReceptionForm):
    """Demande saisie pour une personne présente, au téléphone ou qui a écrit."""

    canal = forms.ChoiceField(
        label="Comment la personne fait-elle sa demande ?",
        choices=[c for c in Canal.choices if c[0] != Canal.EN_LIGNE],
        widget=forms.RadioSelect,
    )
    prenom = forms.CharField(label="Prénom du demandeur", max_length=100, required=False)
    nom = forms.CharField(
        label="Nom du demandeur",
        help_text="Pour une entreprise ou une association, son nom seul.",
        max_length=190,
    )
    courriel = forms.EmailField(
        label="Son adresse électronique",
        help_text="Laissez vide si la personne n’en a pas : vous lui imprimerez l’accusé de"
        " réception.",
        required=False,
    )
    field_order = ("canal", "recue_le", "prenom", "nom", "courriel")

    def describe_demandeur(self) -> str:
        return f"{self.cleaned_data['prenom']} {self.cleaned_data['nom']}".strip()

    def list_personne(self) -> dict[str, str]:
        """Rend ce qui est noté de la personne, par jeton de saisie automatique HTML."""
        return {
            "name": self.describe_demandeur(),
            "given-name": self.cleaned_data["prenom"],
            "family-name": self.cleaned_data["nom"],
            "email": self.cleaned_data["courriel"],
        }


class EnvoiForm(JourForm):
    """Ce que l’agent note quand une lettre part ou se remet."""

    moyen = forms.ChoiceField(
        label="Comment la lettre est-elle donnée ?",
        choices=Moyen.choices,
        initial=Moyen.RECOMMANDE.value,
        widget=forms.RadioSelect,
    )
    date_envoi = JourForm.build_jour("Date d’envoi, ou de remise", "Celle du cachet de La Poste.")
    numero = forms.CharField(
        label="Numéro du recommandé",
        help_text="Sous le code-barres, par exemple 1A 123 456 7890 1.",
        required=False,
        max_length=40,
    )


class SuiteForm(JourForm):
    """Ce que La Poste a rendu d’un recommandé."""

    suite = forms.ChoiceField(
        label="Qu’est devenu le pli ?", choices=SuiteDuPli.choices, widget=forms.RadioSelect
    )
    date_suite = JourForm.build_jour(
        "Date portée par La Poste",
        "Sur l’avis signé : le jour de la remise. Sur un pli non réclamé : le jour de la première"
        " présentation, écrit à côté de « avisé ».",
    )


class ConfierForm(forms.Form):
    """À qui confier un dossier."""

    suivi_par = forms.TypedChoiceField(label="Confier à", coerce=int, empty_value=None)

    def __init__(self, *args: Any, collegues: Iterable[Compte], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        noms = [(c.pk, describe_collegue(c)) for c in collegues]
        self.fields["suivi_par"].choices = [("", "Choisissez"), *noms]  # type: ignore[attr-defined]


def describe_collegue(compte: Compte) -> str:
    return f"{compte.nom_affiche}, {compte.qualite}" if compte.qualite else compte.nom_affiche


class AccepterEnLotForm(forms.Form):
    """Accepter plusieurs demandes : le même motif, s’il y en a un, dans chaque décision."""

    motif = forms.CharField(
        label="Motif, le même dans chaque décision",
        help_text="Il figure dans chaque lettre.",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    relu = forms.BooleanField(
        label="J’ai lu chacune de ces demandes",
        error_messages={"required": "Lisez chaque demande, puis cochez cette case."},
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Votre note",
        help_text="Des faits utiles à vos collègues. La personne peut demander à lire les notes :"
        " ce sont des documents administratifs.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoteChangeeForm(FormulaireVerrouille, NoteForm):
    """La même, déjà écrite : elle porte l’empreinte de ce que la page montrait."""


class PhraseForm(forms.Form):
    """Une phrase prête ; une balise inconnue est refusée avec la liste des permises."""

    titre = forms.CharField(
        label="Nom", max_length=80, help_text="Pour la retrouver : « Pièce illisible »."
    )
    corps = forms.CharField(
        label="Texte", max_length=4000, widget=forms.Textarea(attrs={"rows": 8})
    )
    demarche = forms.TypedChoiceField(
        label="Pour quelle démarche ?", required=False, coerce=int, empty_value=None
    )

    def __init__(
        self, *args: Any, demarches: Iterable[Demarche], communes: bool = True, **kwargs: Any
    ) -> None:
        """Prépare le formulaire ; `communes` : la phrase peut servir à toutes les démarches."""
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["demarche"]
        champ.choices = [
            ("", "Toutes les démarches" if communes else "À choisir"),
            *((d.pk, d.titre) for d in demarches),
        ]
        champ.required = not communes

    def clean_corps(self) -> str:
        texte: str = self.cleaned_data["corps"]
        try:
            check_balises(MODELE, texte)
        except BalisesInconnues as refus:
            raise forms.ValidationError(f"{refus.message} {refus.suite}") from refus
        return texte

"""Formulaires de l’évaluation : grille, jury, notes, délibération."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from socle.fondations.commun.presentation import Ecart
from socle.fondations.commun.verrou import FormulaireVerrouille, mark_valeurs
from socle.fondations.comptes.models import Compte
from socle.metiers.consultations.enums import CollegeJury, FonctionJury, Issue
from socle.metiers.consultations.models import (
    CritereDeGrille,
    Grille,
    Instruction,
    Jure,
    Reponse,
    Resultat,
)
from socle.metiers.consultations.services.evaluation_deliberation import Decision
from socle.metiers.consultations.services.evaluation_grille import (
    CRITERES_MAX,
    CritereSaisi,
    describe_cadre,
    describe_grille,
)
from socle.metiers.consultations.services.evaluation_jury import find_compte
from socle.metiers.consultations.services.evaluation_notes import COMMENTAIRE_MAX, NoteSaisie

LIGNES_VIDES = 1


def build_texte(label: str, *, rows: int = 3, **options: Any) -> forms.CharField:
    options.setdefault("max_length", 4000)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


# Équipe -------------------------------------------------------------------------------------------
class GrilleForm(FormulaireVerrouille):
    """Tous les critères sur une page ; effacer l’intitulé retire le critère."""

    maximum = forms.IntegerField(label="Note la plus haute", min_value=1, max_value=10)
    mention = build_texte("D’où viennent ces critères (public)")

    def __init__(
        self, donnees: Any = None, *, grille: Grille, criteres: list[CritereDeGrille]
    ) -> None:
        self.enregistres = criteres
        empreinte = mark_valeurs(describe_grille(grille, criteres))["empreinte"]
        initial = {"maximum": grille.maximum, "mention": grille.mention, "empreinte": empreinte}
        # Un collègue a pu ôter des critères depuis : rien de ce qui est envoyé ne se perd.
        envoyes = sum(f"intitule-{rang}" in (donnees or {}) for rang in range(1, CRITERES_MAX + 1))
        self.nombre = min(max(len(criteres) + LIGNES_VIDES, envoyes), CRITERES_MAX)
        for rang, critere in enumerate(criteres, start=1):
            initial |= {
                f"intitule-{rang}": critere.intitule, f"question-{rang}": critere.question,
                f"niveaux-{rang}": "\n".join(critere.niveaux), f"poids-{rang}": critere.poids,
                f"seuil-{rang}": critere.seuil,
            }  # fmt: skip
        super().__init__(donnees, initial=initial)
        for rang in range(1, self.nombre + 1):
            self._add_critere(rang)
        if grille.is_figee:
            self.fields["motif"] = build_texte(
                "Pourquoi une nouvelle version ?",
                help_text="Le jury le lira, et notera de nouveau.",
            )

    def _add_critere(self, rang: int) -> None:
        self.fields |= {
            f"intitule-{rang}": forms.CharField(
                label=f"Critère {rang} : intitulé", max_length=150, required=False,
                help_text="Effacez l’intitulé pour retirer le critère.",
            ),
            f"question-{rang}": forms.CharField(
                label=f"Critère {rang} : question posée au jury", max_length=500, required=False
            ),
            f"niveaux-{rang}": build_texte(
                f"Critère {rang} : ce que vaut chaque note", rows=4, required=False,
                help_text="Une ligne par note, de 0 à la plus haute.",
            ),
            f"poids-{rang}": forms.IntegerField(
                label=f"Critère {rang} : poids", min_value=1, max_value=100, required=False
            ),
            f"seuil-{rang}": forms.DecimalField(
                label=f"Critère {rang} : moyenne qui élimine au-dessous", required=False,
                min_value=Decimal("0.01"), max_value=10, decimal_places=2, localize=True,
            ),
        }  # fmt: skip

    @property
    def tete(self) -> list[BoundField]:
        return [self[nom] for nom in ("maximum", "mention", "motif") if nom in self.fields]

    @property
    def groupes(self) -> list[tuple[int, list[BoundField]]]:
        noms = ("intitule", "question", "niveaux", "poids", "seuil")
        return [
            (rang, [self[f"{nom}-{rang}"] for nom in noms]) for rang in range(1, self.nombre + 1)
        ]

    def list_absents(self) -> list[Ecart]:
        """Critères enregistrés depuis, que la page envoyée ne montrait pas."""
        return [
            Ecart(libelle=f"Critère {rang}", enregistre=critere.intitule, saisi="vide")
            for rang, critere in enumerate(self.enregistres, start=1)
            if f"intitule-{rang}" not in self.data
        ]

    @property
    def criteres(self) -> list[CritereSaisi]:
        """Critères écrits, dans l’ordre de la page."""
        lus = self.cleaned_data
        return [
            CritereSaisi(
                intitule=lus[f"intitule-{rang}"], question=lus[f"question-{rang}"],
                niveaux=tuple(li.strip() for li in lus[f"niveaux-{rang}"].splitlines()
                              if li.strip()),
                poids=lus[f"poids-{rang}"] or 1, seuil=lus[f"seuil-{rang}"],
            )
            for rang in range(1, self.nombre + 1)
            if lus[f"intitule-{rang}"].strip()
        ]  # fmt: skip


class CopieForm(forms.Form):
    source = forms.ModelChoiceField(
        label="Reprendre la grille de", queryset=Instruction.objects.none(), empty_label=None
    )
    motif = forms.CharField(
        label="Motif", max_length=500, required=False,
        help_text="Demandé si des notes sont déjà données.",
    )  # fmt: skip

    def __init__(self, *args: Any, instruction: Instruction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        autres = Instruction.objects.exclude(pk=instruction.pk).select_related("campagne")
        champ = self.fields["source"]
        champ.queryset = autres.order_by("-cree_le")  # type: ignore[attr-defined]
        champ.label_from_instance = lambda i: i.campagne.titre  # type: ignore[attr-defined]


class CadreForm(FormulaireVerrouille):
    quorum = forms.IntegerField(
        label="Notes signées par dossier, au moins", min_value=1, max_value=50
    )
    par_college = forms.BooleanField(
        label="Au moins une note du collège de l’État et une de celui des collectivités",
        required=False,
    )
    ecart_signale = forms.IntegerField(
        label="Signaler un écart à partir de", min_value=0, max_value=10,
        help_text="En points, entre deux membres sur un même critère. 0 : ne rien signaler.",
    )  # fmt: skip
    recours = build_texte("Voies de recours, lues par chaque déposant", rows=5)


def read_cadre(instruction: Instruction) -> dict[str, Any]:
    """Rend les règles d’une évaluation telles que le formulaire les montre, avec leur empreinte."""
    return mark_valeurs(describe_cadre(instruction))


class RecevabiliteForm(forms.Form):
    recevable = forms.TypedChoiceField(
        label="Ce dossier est", choices=[("oui", "Recevable"), ("non", "Irrecevable")],
        coerce=lambda valeur: valeur == "oui", widget=forms.RadioSelect,
    )  # fmt: skip
    motif = build_texte(
        "Motif", required=False, help_text="Demandé pour un dossier irrecevable. Il sera lu."
    )


class ChampAgent(forms.EmailField):
    """Adresse d’un agent qui a un compte ; rend le compte."""

    def clean(self, value: Any) -> Compte | None:
        adresse = super().clean(value)
        compte = find_compte(adresse) if adresse else None
        if adresse and compte is None:
            raise forms.ValidationError("Aucun agent ne se connecte ici avec cette adresse.")
        return compte


class JureForm(forms.Form):
    compte = ChampAgent(label="Adresse de l’agent", help_text="Celle de son compte.")
    organisation = forms.CharField(label="Organisation", max_length=200)
    college = forms.ChoiceField(label="Collège", choices=CollegeJury.choices)
    fonction = forms.ChoiceField(
        label="Fonction", choices=FonctionJury.choices, initial=FonctionJury.MEMBRE
    )


class SortieForm(forms.Form):
    motif = forms.CharField(label="Motif de la sortie", max_length=500)
    compte = ChampAgent(
        label="Adresse de la personne qui remplace", required=False,
        help_text="Elle prend le même collège et la même fonction.",
    )  # fmt: skip
    organisation = forms.CharField(
        label="Organisation de la personne qui remplace", max_length=200, required=False
    )

    def clean(self) -> dict[str, Any]:
        lus = super().clean() or {}
        if lus.get("compte") and not lus.get("organisation"):
            self.add_error("organisation", "Dites l’organisation de la personne qui remplace.")
        return lus


class FonctionForm(forms.Form):
    fonction = forms.ChoiceField(label="Fonction", choices=FonctionJury.choices)


class DeportForm(forms.Form):
    jure = forms.ModelChoiceField(
        label="Membre", queryset=Jure.objects.none(), empty_label="À choisir"
    )
    reponse = forms.ModelChoiceField(
        label="Dossier", queryset=Reponse.objects.none(), empty_label="À choisir"
    )
    motif = forms.CharField(label="Motif", max_length=500)

    def __init__(self, *args: Any, instruction: Instruction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jures = Jure.objects.filter(instruction=instruction, sorti_le__isnull=True)
        dossiers = Reponse.objects.filter(
            campagne=instruction.campagne_id, recevabilite__recevable=True
        ).defer("reponses", "mots")
        self.fields["jure"].queryset = jures.select_related("compte").order_by("pk")  # type: ignore[attr-defined]
        champ = self.fields["reponse"]
        champ.queryset = dossiers.order_by("depose_le", "pk")  # type: ignore[attr-defined]
        champ.label_from_instance = lambda r: f"{r.numero}, {r.nom_montre}"  # type: ignore[attr-defined]


class MotifForm(forms.Form):
    motif = forms.CharField(label="Motif", max_length=500)


# Jury ---------------------------------------------------------------------------------------------
class InteretsForm(forms.Form):
    """Intérêts pour la campagne, puis un motif pour chaque dossier dont on se retire."""

    interets = build_texte(
        "Vos intérêts pour cet appel", required=False,
        help_text="Mandats, emplois, liens avec une entreprise candidate. Rien à dire : laissez"
        " vide.",
    )  # fmt: skip
    atteste = forms.BooleanField(
        label="J’ai lu la liste des dossiers et je n’ai pas d’autre intérêt à déclarer"
    )

    def __init__(self, *args: Any, reponses: Iterable[Reponse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reponses = list(reponses)
        for reponse in self.reponses:
            self.fields[f"retrait-{reponse.pk}"] = forms.CharField(
                label=f"{reponse.nom_montre} ({reponse.numero}) : pourquoi vous retirez-vous ?",
                max_length=500, required=False, help_text="Vide : aucun intérêt.",
            )  # fmt: skip
        self.order_fields(["interets", *(f"retrait-{r.pk}" for r in self.reponses), "atteste"])

    @property
    def conflits(self) -> dict[int, str]:
        motifs = {r.pk: self.cleaned_data[f"retrait-{r.pk}"].strip() for r in self.reponses}
        return {pk: motif for pk, motif in motifs.items() if motif}


class NotesForm(forms.Form):
    """Une note et un commentaire par critère, puis un avis ; un brouillon n’exige rien."""

    avis = build_texte(
        "Avis d’ensemble", help_text="Demandé pour signer. Il aide à motiver la décision.",
        error_messages={"required": "Écrivez votre avis d’ensemble avant de signer."},
    )  # fmt: skip

    def __init__(
        self, donnees: Any = None, *, grille: Grille, criteres: list[CritereDeGrille],
        notation: Any = None, brouillon: bool = False,
    ) -> None:  # fmt: skip
        self.criteres = criteres
        saisies = notation.notes if notation else {}
        initial: dict[str, Any] = {"avis": notation.avis if notation else ""}
        for critere in criteres:
            saisie = saisies.get(str(critere.pk), {})
            initial[f"note-{critere.pk}"] = saisie.get("note")
            initial[f"commentaire-{critere.pk}"] = saisie.get("commentaire", "")
        super().__init__(donnees, initial=initial)
        self.fields["avis"].required = not brouillon
        for critere in criteres:
            niveaux = [(n, f"{n} : {texte}") for n, texte in enumerate(critere.niveaux)]
            self.fields[f"note-{critere.pk}"] = forms.TypedChoiceField(
                label=f"{critere.intitule} : votre note", choices=niveaux, coerce=int,
                required=not brouillon, empty_value=None, widget=forms.RadioSelect,
                error_messages={"required": "Donnez une note avant de signer."},
            )  # fmt: skip
            self.fields[f"commentaire-{critere.pk}"] = forms.CharField(
                label=f"{critere.intitule} : commentaire", required=False,
                max_length=COMMENTAIRE_MAX, widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    @property
    def groupes(self) -> list[tuple[CritereDeGrille, list[BoundField]]]:
        return [
            (critere, [self[f"note-{critere.pk}"], self[f"commentaire-{critere.pk}"]])
            for critere in self.criteres
        ]

    @property
    def notes(self) -> dict[int, NoteSaisie]:
        return {
            c.pk: NoteSaisie(
                self.cleaned_data[f"note-{c.pk}"], self.cleaned_data[f"commentaire-{c.pk}"]
            )
            for c in self.criteres
        }


class DeliberationForm(forms.Form):
    """Ce que la présidence arrête, dossier par dossier."""

    def __init__(self, *args: Any, resultats: list[Resultat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resultats = resultats
        for resultat in resultats:
            self._add_resultat(resultat)

    def _add_resultat(self, resultat: Resultat) -> None:
        pk, nom = resultat.reponse_id, resultat.reponse.numero
        issues = [("", "À décider"), *Issue.choices]
        if resultat.elimine:
            issues = [("", "À décider"), (Issue.NON_RETENU.value, Issue.NON_RETENU.label)]
        self.fields |= {
            f"issue-{pk}": forms.ChoiceField(
                label=f"{nom} : décision", choices=issues, required=False, initial=resultat.issue
            ),
            f"montant-{pk}": forms.DecimalField(
                label=f"{nom} : montant accordé, en euros", required=False, min_value=0,
                max_digits=14, decimal_places=2, initial=resultat.montant or None, localize=True,
            ),
            f"conditions-{pk}": build_texte(
                f"{nom} : conditions", rows=2, required=False, initial=resultat.conditions
            ),
            f"motivation-{pk}": build_texte(
                f"{nom} : motivation", rows=2, required=False, initial=resultat.motivation,
                help_text="Demandée pour un refus. Le déposant la lira.",
            ),
        }  # fmt: skip
        if not resultat.elimine:
            self.fields |= {
                f"rang-{pk}": forms.IntegerField(
                    label=f"{nom} : rang arrêté", min_value=1, required=False,
                    initial=resultat.rang,
                ),
                f"motif_rang-{pk}": build_texte(
                    f"{nom} : pourquoi ce rang diffère du calcul", rows=2, required=False,
                    initial=resultat.motif_rang,
                ),
            }  # fmt: skip

    @property
    def groupes(self) -> list[tuple[Resultat, list[BoundField]]]:
        noms = ("issue", "rang", "motif_rang", "montant", "conditions", "motivation")
        return [
            (r, [self[f"{nom}-{r.reponse_id}"] for nom in noms
                 if f"{nom}-{r.reponse_id}" in self.fields])
            for r in self.resultats
        ]  # fmt: skip

    @property
    def decisions(self) -> dict[int, Decision]:
        """Dossiers décidés ; ceux laissés « à décider » n’y sont pas."""
        lus = self.cleaned_data
        return {
            pk: Decision(
                issue=Issue(lus[f"issue-{pk}"]),
                rang=lus.get(f"rang-{pk}"),
                motif_rang=lus.get(f"motif_rang-{pk}", ""),
                montant=lus[f"montant-{pk}"] or Decimal(0),
                conditions=lus[f"conditions-{pk}"],
                motivation=lus[f"motivation-{pk}"],
            )
            for pk in (r.reponse_id for r in self.resultats)
            if lus[f"issue-{pk}"]
        }

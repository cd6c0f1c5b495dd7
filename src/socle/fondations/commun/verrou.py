"""Verrou optimiste : deux pages ouvertes ne s’écrasent pas, et la seconde voit les deux versions.

Un formulaire qui change une chose partagée porte, cachée, la marque de ce qu’il montrait : la
révision de la ligne si elle en a une, sinon l’empreinte de ses valeurs. Le service relit la ligne
sous `select_for_update` et compare ; si la marque n’est plus la bonne, il refuse (409) et la page
montre les deux versions. Renvoyer la sienne part de la marque neuve : c’est un choix.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model

from socle.fondations.commun.errors import ModifieAilleurs
from socle.fondations.commun.presentation import Conflit, Ecart, Ecriture
from socle.fondations.commun.textes import format_instant


class FormulaireVerrouille(forms.Form):
    """Formulaire qui porte l’empreinte de ce qu’il montrait.

    Une saisie fausse la garde telle que reçue : se corriger ne fait pas oublier le conflit. Un
    envoi qui n’en porte pas ne vient pas de notre page : il ne compare rien.
    """

    empreinte = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean_empreinte(self) -> str | None:
        porte = self.add_prefix("empreinte") in self.data
        return str(self.cleaned_data["empreinte"]) if porte else None


def read_valeurs(objet: Model, *champs: str) -> dict[str, Any]:
    """Rend ces champs d’une ligne, prêts pour `compute_empreinte`."""
    return {champ: objet.serializable_value(champ) for champ in champs}


def compute_empreinte(valeurs: Mapping[str, Any]) -> str:
    """Résume des valeurs lues : 32 signes, qui changent dès qu’une valeur change."""
    texte = json.dumps(valeurs, sort_keys=True, default=str)
    return hashlib.sha256(texte.encode()).hexdigest()[:32]


def mark_valeurs(valeurs: Mapping[str, Any]) -> dict[str, Any]:
    """Rend des valeurs de départ pour un `FormulaireVerrouille`, leur empreinte comprise."""
    return {**valeurs, "empreinte": compute_empreinte(valeurs)}


def check_empreinte(
    valeurs: Mapping[str, Any],
    empreinte: str | None,
    refus: type[ModifieAilleurs] = ModifieAilleurs,
) -> None:
    """Compare des valeurs, lues sous verrou, à ce que la page montrait.

    Args:
        empreinte: celle de la page ; None, l’appelant n’est pas une page et ne compare rien.

    Raises:
        ModifieAilleurs: quelqu’un a enregistré depuis (ou `refus`, s’il est donné).
    """
    if empreinte is not None and empreinte != compute_empreinte(valeurs):
        raise refus


def show_conflit(
    formulaire: forms.Form,
    refus: ModifieAilleurs,
    *,
    actuel: Mapping[str, Any],
    marque: Mapping[str, Any],
    prendre: str,
    ecriture: Ecriture | None = None,
    bouton: tuple[str, str] = ("", ""),
    autres: Sequence[Ecart] = (),
) -> None:
    """Fait montrer les deux versions par un formulaire rempli ; `{{ form }}` les dessine.

    Args:
        actuel: ce qui est enregistré maintenant, par nom de champ.
        marque: les champs cachés et leur valeur neuve, d’où repart « Garder la mienne » :
            `{"empreinte": …}` ou `{"revision": …}` ; vide si le gabarit les écrit lui-même.
        ecriture: qui a enregistré l’autre version, si c’est su.
        bouton: nom et valeur du bouton d’envoi, si la vue en attend un.
        autres: écarts qu’un champ ne montre pas (un fichier).
    """
    formulaire.initial = {**(formulaire.initial or {}), **actuel}
    if marque:
        donnees: Any = formulaire.data
        donnees = donnees.copy()
        for nom, valeur in marque.items():
            donnees[formulaire.add_prefix(nom)] = str(valeur)
        formulaire.data = donnees
    formulaire.conflit = Conflit(  # type: ignore[attr-defined]
        message=refus.message,
        prendre=prendre,
        ecarts=[*list_ecarts(formulaire), *autres],
        par=ecriture.par if ecriture else "",
        le=ecriture.le if ecriture else None,
        nom=bouton[0],
        valeur=bouton[1],
    )


def show_revision(
    formulaire: forms.Form,
    refus: ModifieAilleurs,
    *,
    objet: Any,
    actuel: Mapping[str, Any],
    prendre: str,
    par: str = "",
) -> None:
    """La même chose, pour une ligne relue qui porte `revision` et `modifie_le`.

    Le formulaire a un champ caché `revision` ; sinon son gabarit l’écrit d’après la ligne.
    """
    porte = "revision" in formulaire.fields
    show_conflit(
        formulaire,
        refus,
        actuel=actuel,
        marque={"revision": objet.revision} if porte else {},
        prendre=prendre,
        ecriture=Ecriture(par=par, le=objet.modifie_le),
    )


def list_ecarts(formulaire: forms.BaseForm) -> list[Ecart]:
    """Rend ce qui est enregistré (`initial`) et que cette saisie remplacerait."""
    ecarts = []
    for nom, controle in formulaire.fields.items():
        initial = formulaire.get_initial_for_field(controle, nom)
        change = controle.has_changed(initial, formulaire[nom].data)
        if not (change and _is_montre(formulaire, nom)):
            continue
        choix = dict(_flatten(getattr(controle, "choices", ())))
        actuel, saisi = (
            _show(_read(controle, valeur), choix)
            for valeur in (controle.prepare_value(initial), formulaire[nom].value())
        )
        if _normalise(actuel) != _normalise(saisi):  # deux fois les mêmes mots n’apprennent rien
            ecarts.append(Ecart(libelle=str(controle.label or nom), enregistre=actuel, saisi=saisi))
    return ecarts


def _is_montre(formulaire: forms.BaseForm, nom: str) -> bool:
    """Vrai si la page montrait ce champ ; une case vide ne s’envoie pas."""
    controle = formulaire.fields[nom]
    est_case = isinstance(controle, forms.BooleanField | forms.MultipleChoiceField)
    envoye = formulaire.add_prefix(nom) in formulaire.data
    return not controle.widget.is_hidden and (envoye or est_case)


def _normalise(texte: str) -> str:
    """Le navigateur change les sauts de ligne d’un texte : ce n’est pas un écart."""
    return texte.replace("\r\n", "\n").strip()


def _flatten(choix: Any) -> list[tuple[str, str]]:
    plats: list[tuple[str, str]] = []
    for code, libelle in choix:
        plats += libelle if isinstance(libelle, list | tuple) else [(str(code), str(libelle))]
    return plats


def _read(controle: forms.Field, valeur: Any) -> Any:
    """Relit une date : elle s’écrit en mots, comme ailleurs ; une saisie fausse reste telle."""
    if not isinstance(controle, forms.DateField | forms.DateTimeField):
        return valeur
    try:
        return controle.to_python(valeur)
    except forms.ValidationError:
        return valeur


def _show(valeur: Any, choix: dict[str, str]) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, date):
        return format_instant(valeur)
    if isinstance(valeur, list | tuple):
        return ", ".join(choix.get(str(v), str(v)) for v in valeur)
    return choix.get(str(valeur), str(valeur)) if valeur not in (None, "") else "vide"

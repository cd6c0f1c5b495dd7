"""Exemples montrés à l’adresse /composants/ : chaque composant dans chaque état, gens fictifs."""

from datetime import datetime

from django import forms

from socle.fondations.commun.presentation import (
    Compteur,
    Conflit,
    Donnee,
    Ecart,
    EtapeDuFil,
    Etat,
    Touche,
)


class FormulaireExemple(forms.Form):
    """Un champ de chaque genre de contrôle."""

    sans_foyer = False
    remplissage = {"courriel": "email", "telephone": "tel"}

    courriel = forms.EmailField(
        label="Votre adresse électronique", help_text="Pour vous envoyer l’accusé de réception."
    )
    telephone = forms.CharField(
        label="Votre téléphone",
        required=False,
        help_text="Pour vous joindre le jour même si l’école ferme.",
        widget=forms.TextInput(attrs={"type": "tel", "class": "court"}),
    )
    ecole = forms.ChoiceField(
        label="École de votre enfant",
        choices=[("", "Choisir une école"), ("1", "École des Rochers"), ("2", "École du Jardin")],
    )
    garde = forms.ChoiceField(
        label="Votre enfant est-il en garde alternée ?",
        choices=[("non", "Non"), ("oui", "Oui, une semaine sur deux")],
        widget=forms.RadioSelect,
    )
    jours = forms.MultipleChoiceField(
        label="Jours de cantine",
        help_text="Vous pourrez changer jusqu’à la veille.",
        choices=[("lu", "Lundi"), ("ma", "Mardi"), ("je", "Jeudi"), ("ve", "Vendredi")],
        widget=forms.CheckboxSelectMultiple,
    )
    precision = forms.CharField(
        label="Régime ou allergie", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    jugement = forms.FileField(
        label="Le jugement ou l’accord de garde",
        required=False,
        help_text="PDF ou photo, 20 Mo au plus. Une photo lisible prise avec un téléphone suffit.",
    )
    accord = forms.BooleanField(label="J’accepte que la mairie m’appelle en cas d’urgence")


def describe_exemples(maintenant: datetime) -> dict[str, object]:
    """Réunit de quoi montrer tous les composants.

    Args:
        maintenant: instant montré dans les exemples.
    """
    faux = FormulaireExemple(
        {"courriel": "leonie.tessandre", "telephone": "06 00 00 00 0", "garde": ""}
    )
    faux.sans_foyer = True  # ici seulement : la page d’exemples ne doit pas sauter à l’erreur
    faux.add_error("telephone", "Ce numéro a 9 chiffres, il en faut 10. Exemple : 06 00 00 00 00.")
    return {
        "maintenant": maintenant,
        "formulaire": FormulaireExemple(prefix="neuf"),
        "formulaire_faux": faux,
        "etats": [
            Etat(label="Déposé", couleur="info"),
            Etat(label="En instruction", couleur="warning"),
            Etat(label="Accepté", couleur="success"),
            Etat(label="Refusé", couleur="danger"),
            Etat(label="Sans suite"),
        ],
        "fil": build_fil(maintenant),
        "chaine": build_chaine(),
        "etapes": [
            EtapeDuFil(libelle="Votre enfant", statut="fait", url="#t-fils"),
            EtapeDuFil(libelle="Son école", statut="fait", url="#t-fils"),
            EtapeDuFil(libelle="Vos ressources", statut="ici"),
            EtapeDuFil(libelle="Les jours et les régimes"),
            EtapeDuFil(libelle="Relire et déposer"),
        ],
        "donnees": build_donnees(),
        "conflit": build_conflit(maintenant),
        "compteurs": [
            Compteur(nombre=12, libelle="À traiter", url="#compteurs", courant=True),
            Compteur(nombre=2, libelle="Échéance sous 5 jours", url="#compteurs", urgent=True),
            Compteur(nombre=5, libelle="Chez l’usager", url="#compteurs"),
            Compteur(nombre=7, libelle="Que je suis", url="#compteurs"),
            Compteur(nombre=1214, libelle="Terminés en 2026", url="#compteurs"),
        ],
        "touches": [
            Touche(touches=("J", "K"), effet="descendre, monter"),
            Touche(touches=("X",), effet="choisir"),
            Touche(touches=("?",), effet="toutes les touches"),
        ],
    }


def build_fil(maintenant: datetime) -> list[EtapeDuFil]:
    """Le fil d’un dossier en cours d’instruction."""
    return [
        EtapeDuFil(libelle="Demande déposée", statut="fait", quand=maintenant),
        EtapeDuFil(libelle="Accusé envoyé", statut="fait", quand=maintenant),
        EtapeDuFil(libelle="Instruction", statut="ici", detail="Écoles et restauration"),
        EtapeDuFil(libelle="Décision", detail="Au plus tard le 20 janvier 2027"),
        EtapeDuFil(libelle="Archivage", detail="Gardé 5 ans, puis détruit"),
    ]


def build_conflit(maintenant: datetime) -> Conflit:
    """Les coordonnées d’un service, changées par deux personnes à la fois."""
    return Conflit(
        message="Ce service a été enregistré ailleurs pendant que vous l’aviez ouvert.",
        par="Ada Fournel",
        le=maintenant,
        prendre="#t-agents",
        ecarts=[
            Ecart(libelle="Téléphone", enregistre="01 46 62 35 35", saisi="01 46 62 35 00"),
            Ecart(libelle="Horaires", enregistre="Du lundi au vendredi\n9 h à 17 h", saisi="vide"),
        ],
    )


def build_chaine() -> list[EtapeDuFil]:
    """Le fil en chiffres, comme sur l’accueil d’une installation."""
    nombres = {"Demandes": 48213, "Dossiers": 47960, "Décisions": 41877, "Archives": 6310}
    return [
        EtapeDuFil(libelle=libelle, statut="fait", nombre=nombre)
        for libelle, nombre in nombres.items()
    ]


def build_donnees() -> list[Donnee]:
    """Un récapitulatif : valeur simple, valeur sourcée, valeur corrigée, pièce."""
    return [
        Donnee(libelle="Enfant", valeur="Marin Tessandre, né le 14 juin 2019"),
        Donnee(
            libelle="Quotient familial",
            valeur="912 €, soit 3,42 € le repas",
            source="Calculé par la ville, revenus reçus des impôts le 20 novembre 2026",
        ),
        Donnee(
            libelle="Garde",
            valeur="Garde alternée, une semaine sur deux",
            avant="Garde complète",
            source="Corrigé par l’usager le 19 novembre 2026 à 18 h 04",
        ),
        Donnee(
            libelle="Pièce", valeur="jugement.pdf", url="#t-donnees", source="Analysée, sans virus"
        ),
    ]

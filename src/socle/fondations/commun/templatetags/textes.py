"""Filtres de typographie française. Une valeur absente rend une chaîne vide."""

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.template.defaultfilters import pluralize as django_pluralize

from socle.fondations.commun import textes

register = template.Library()


@register.filter
def jour(quand: date | None) -> str:
    """{{ dossier.depose_le|jour }} : « 20 novembre 2026 »."""
    return textes.format_jour(quand) if quand else ""


@register.filter
def jour_semaine(quand: date | None) -> str:
    """{{ echeance|jour_semaine }} : « vendredi 20 novembre 2026 »."""
    return textes.format_jour(quand, semaine=True) if quand else ""


@register.filter
def jour_court(quand: date | None) -> str:
    """{{ dossier.depose_le|jour_court }} : « 20 nov. 2026 »."""
    return textes.format_jour_court(quand) if quand else ""


@register.filter
def heure(quand: datetime | None) -> str:
    """{{ brouillon.modifie_le|heure }} : « 10 h 51 »."""
    return textes.format_heure(quand) if quand else ""


@register.filter
def instant(quand: date | None) -> str:
    """{{ recu.le|instant }} : « 20 novembre 2026 à 10 h 51 »."""
    return textes.format_instant(quand) if quand else ""


@register.filter
def iso(quand: date | None) -> str:
    """Valeur de l’attribut `datetime` d’un élément `<time>`."""
    return quand.isoformat() if quand else ""


@register.filter
def taille(octets: int | None) -> str:
    """{{ document.taille|taille }} : « 1,2 Mo »."""
    return "" if octets is None else textes.format_taille(octets)


@register.filter
def telephone(numero: str | None) -> str:
    """{{ service.telephone|telephone }} : le numéro tel qu’il est écrit, sans coupure de ligne."""
    return (numero or "").replace(" ", textes.INSECABLE)


@register.filter
def lien_tel(numero: str | None) -> str:
    """Valeur de `href` qui compose le numéro : chiffres seuls, et le « + » du début."""
    return "tel:" + "".join(signe for signe in numero or "" if signe in "+0123456789")


@register.filter
def horaires(texte: str | None) -> str:
    """{{ service.horaires|horaires }} : une heure ne se coupe pas en fin de ligne."""
    return textes.bind_heures(texte or "")


@register.filter
def de(nom: str | None) -> str:
    """Demande {{ demandeur|de }} : « de Zoé », « d’Aurélien »."""
    return textes.join_de(nom) if nom else ""


@register.filter(is_safe=False)
def pluralize(nombre: object, marques: str = "s") -> str:
    """{{ n|pluralize }}, {{ n|pluralize:"t,ent" }} : pluriel à partir de deux, comme en français.

    Remplace le filtre de Django, qui accorde comme l’anglais (« 0 adhérentes »).
    """
    return django_pluralize(1 if nombre in (0, "0") else nombre, marques)


@register.filter
def enumere(mots: Iterable[str]) -> str:
    """{{ jours|enumere }} : « lundi, mardi et jeudi »."""
    return textes.join_mots(mots)

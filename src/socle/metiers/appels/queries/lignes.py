"""Un appel tel que la liste, la fiche, l’agenda et les messages le montrent : les mêmes mots."""

from dataclasses import dataclass
from datetime import date, timedelta

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.presentation import Etat
from socle.fondations.commun.textes import (
    INSECABLE,
    format_euros,
    format_jour_court,
    format_nombre,
    join_mots,
)
from socle.fondations.referentiels.enums import GenreAutorite
from socle.fondations.referentiels.queries import Noms, name_territoire
from socle.metiers.appels.enums import EtatAppel, Surete, Theme
from socle.metiers.appels.models import Appel, DateAppel

BIENTOT = timedelta(days=30)
PLURIELS = {
    GenreAutorite.COMMUNE: "communes",
    GenreAutorite.EPCI: "intercommunalités",
    GenreAutorite.DEPARTEMENT: "départements",
    GenreAutorite.REGION: "régions",
    GenreAutorite.OUTRE_MER: "collectivités d’outre-mer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneAppel:
    """Un appel prêt à montrer.

    Attributes:
        cloture_texte: « Clôture le 2 mars 2027 », « Au fil de l’eau », « Date à fixer ».
        montant: « de 5 000 à 50 000 € », vide si rien n’est dit.
        etat: « Ouvert », « Clôt dans 12 jours », « Pas encore ouvert », « Clos ».
    """

    slug: str
    titre: str
    organisateur: str
    genre: str
    resume: str
    url: str
    themes: str
    territoires: str
    public: str
    cloture: date | None
    cloture_texte: str
    date_texte: str
    ancienne: str
    montant: str
    etat: Etat
    fictif: bool


def build_ligne(appel: Appel, aujourdhui: date, noms: Noms) -> LigneAppel:
    """Rend la ligne d’un appel ; `noms` : ceux des territoires."""
    return LigneAppel(
        slug=appel.slug,
        titre=appel.titre,
        organisateur=appel.organisateur,
        genre=appel.get_genre_display(),
        resume=appel.resume,
        url=build_chemin_installation("appels:fiche", appel.slug),
        themes=", ".join(Theme(theme).label for theme in appel.themes) or "Tous les thèmes",
        territoires=describe_territoires(appel, noms),
        public=describe_public(appel),
        cloture=appel.cloture,
        cloture_texte=format_cloture(appel),
        date_texte=format_date(appel),
        ancienne=describe_report(appel),
        montant=describe_montant(appel),
        etat=describe_etat(appel, aujourdhui),
        fictif=appel.fictif,
    )


def format_cloture(appel: Appel) -> str:
    """Écrit la clôture d’un appel dans une phrase : « Clôture le 2 mars 2027 »."""
    fixe = not appel.cloture_texte and appel.surete != Surete.CONTINUE and appel.cloture
    return f"Clôture le {format_date(appel)}" if fixe else format_date(appel)


def format_date(appel: Appel) -> str:
    """Écrit la clôture seule, sous un titre qui la nomme : « 2 mars 2027 (estimée) »."""
    if appel.cloture_texte:
        return appel.cloture_texte
    if appel.surete == Surete.CONTINUE:
        jusque = f", jusqu’au {format_jour_court(appel.cloture)}" if appel.cloture else ""
        return f"Au fil de l’eau{jusque}"
    if appel.cloture is None:
        return "Date à fixer"
    suite = " (estimée)" if appel.surete == Surete.ESTIMEE else ""
    return f"{format_jour_court(appel.cloture)}{suite}"


def describe_date(ligne: DateAppel) -> str:
    """Rend « 2 mars 2027 », « mars 2027 », « sans jour fixé »."""
    if ligne.jour_texte:
        return ligne.jour_texte
    return format_jour_court(ligne.jour) if ligne.jour else "sans jour fixé"


def describe_report(appel: Appel) -> str:
    """Rend « prévue d’abord le 1er janv. 2026 », vide si la clôture n’a pas reculé."""
    if appel.ancienne_cloture is None:
        return ""
    return f"prévue d’abord le {format_jour_court(appel.ancienne_cloture)}"


def describe_etat(appel: Appel, aujourdhui: date) -> Etat:
    """Dit en un mot où en est un appel pour qui voudrait répondre."""
    if appel.etat == EtatAppel.ARCHIVE:
        return Etat(label="Archivé")
    passe = appel.surete == Surete.CONNUE and appel.cloture and appel.cloture < aujourdhui
    if appel.etat == EtatAppel.CLOS or passe:
        return Etat(label="Clos")
    if appel.ouverture and appel.ouverture > aujourdhui:
        return Etat(label="Pas encore ouvert", couleur="info")
    if appel.cloture and appel.surete != Surete.CONTINUE:
        reste = (appel.cloture - aujourdhui).days
        if reste < 0:
            return Etat(label="Clôture à confirmer", couleur="warning")
        if reste <= BIENTOT.days:
            mots = f"Clôt dans {reste} jours" if reste > 1 else "Clôt demain"
            return Etat(label=mots if reste else "Dernier jour", couleur="warning")
    return Etat(label="Ouvert", couleur="success")


def describe_territoires(appel: Appel, noms: Noms) -> str:
    """Rend « Toute la France », ou les noms des territoires."""
    return join_mots(name_territoire(code, noms) for code in appel.territoires) or "Toute la France"


def describe_public(appel: Appel) -> str:
    """Rend « Communes et intercommunalités de 3 500 habitants et plus »."""
    ordre = [genre for genre in GenreAutorite if genre in appel.genres]
    qui = join_mots(PLURIELS[genre] for genre in ordre) or "toutes les collectivités"
    basse, haute = appel.population_min, appel.population_max
    taille = ""
    if basse is not None and haute is not None:
        taille = f" de {format_nombre(basse)} à {format_nombre(haute)} habitants"
    elif basse is not None:
        taille = f" de {format_nombre(basse)} habitants et plus"
    elif haute is not None:
        taille = f" de {format_nombre(haute)} habitants au plus"
    return f"{qui[0].upper()}{qui[1:]}{taille}"


def describe_montant(appel: Appel) -> str:
    """Rend « de 5 000 à 50 000 €, à 80 % au plus »."""
    bas, haut = appel.montant_min, appel.montant_max
    if bas is not None and haut is not None:
        somme = f"de {format_nombre(bas)} à {format_euros(haut)}"
    elif haut is not None:
        somme = f"jusqu’à {format_euros(haut)}"
    else:
        somme = f"à partir de {format_euros(bas)}" if bas is not None else ""
    taux = f"{format_nombre(appel.taux)}{INSECABLE}% au plus" if appel.taux is not None else ""
    return ", ".join(morceau for morceau in (somme, taux) if morceau)

"""Ce que les schémas ne disent pas : règles de la notice et du code, signalées sans refuser."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from socle.normes.decp.rapport import Anomalie, Chemin, show_chemin
from socle.normes.decp.seuils import find_seuil
from socle.normes.decp.simples import read_jour
from socle.normes.decp.vocabulaire import AUCUNE_ENVIRONNEMENTALE, AUCUNE_SOCIALE

MOIS_POUR_PUBLIER = 2  # art. R. 2196-1
Remarque = tuple[Chemin, str, str]  # chemin dans le contrat, code, phrase
_POSTE = "356000000"  # ses établissements ont leur propre clé


def iterate_remarques(nom: str, contrat: Mapping[str, Any], chemin: Chemin) -> Iterator[Anomalie]:
    """Rend les remarques sur un contrat, quelle que soit la forme de ses valeurs."""
    lu = _Lecteur(contrat)
    regles = _COMMUNES + (_DES_MARCHES if nom == "marche" else _DES_CONCESSIONS)
    for regle in regles:
        for suite, code, message in regle(lu):
            complet = (*chemin, *suite)
            yield Anomalie(code, message, complet, show_chemin(complet), contrat=lu.texte("id"))


class _Lecteur:
    """Rend une valeur si elle a la forme attendue, sinon rien : le jugement l’a déjà dit."""

    def __init__(self, contrat: Mapping[str, Any]) -> None:
        self.contrat = contrat

    def get(self, *chemin: str | int) -> Any:
        valeur: Any = self.contrat
        for pas in chemin:
            if isinstance(pas, str) and isinstance(valeur, Mapping):
                valeur = valeur.get(pas)
            elif isinstance(pas, int) and isinstance(valeur, list) and pas < len(valeur):
                valeur = valeur[pas]
            else:
                return None
        return valeur

    def texte(self, *chemin: str | int) -> str:
        valeur = self.get(*chemin)
        return valeur[:64] if isinstance(valeur, str) else ""

    def jour(self, *chemin: str | int) -> date | None:
        return read_jour(self.texte(*chemin))

    def nombre(self, *chemin: str | int) -> Decimal | None:
        valeur = self.get(*chemin)
        if isinstance(valeur, bool) or not isinstance(valeur, int | Decimal):
            return None
        return Decimal(valeur)

    def suite(self, nom: str, element: str) -> list[tuple[str, int, str]]:
        """Le chemin de chaque élément d’une suite."""
        valeurs = self.get(nom)
        if not isinstance(valeurs, list):
            return []
        return [(nom, rang, element) for rang in range(min(len(valeurs), 1000))]


def _check_id(lu: _Lecteur) -> Iterator[Remarque]:
    mauvais = sorted(set(lu.texte("id")) & set('&"\\< ,;'))
    if mauvais:
        signes = " ".join("espace" if signe == " " else signe for signe in mauvais)
        yield ("id",), "identifiant-signes", f"Évitez dans un identifiant : {signes}."


def _check_sirets(lu: _Lecteur) -> Iterator[Remarque]:
    for chemin in (("acheteur", "id"), ("autoriteConcedante", "id")):
        if lu.texte(*chemin) and not is_siret(lu.texte(*chemin)):
            yield chemin, "siret-cle", "La clé de ce SIRET ne tombe pas juste : vérifiez-le."
    operateurs = [
        *lu.suite("titulaires", "titulaire"),
        *lu.suite("concessionnaires", "concessionnaire"),
        *((*acte, "sousTraitant") for acte in lu.suite("actesSousTraitance", "acteSousTraitance")),
    ]
    for operateur in operateurs:
        if lu.texte(*operateur, "typeIdentifiant") == "SIRET":
            siret = lu.texte(*operateur, "id")
            if not is_siret(siret):
                yield (*operateur, "id"), "siret-cle", _explain_siret(siret)


def _explain_siret(siret: str) -> str:
    if len(siret) == 14 and siret.isascii() and siret.isdigit():
        return "La clé de ce SIRET ne tombe pas juste : vérifiez-le."
    return "Un SIRET a 14 chiffres ; sinon choisissez un autre type d’identifiant."


def is_siret(siret: str) -> bool:
    """Vrai si les 14 chiffres portent la bonne clé (Luhn ; celle de La Poste est à part)."""
    if len(siret) != 14 or not (siret.isascii() and siret.isdigit()):
        return False
    if siret.startswith(_POSTE):
        return sum(map(int, siret)) % 5 == 0 or _sum_luhn(siret) % 10 == 0
    return _sum_luhn(siret) % 10 == 0


def _sum_luhn(chiffres: str) -> int:
    total = 0
    for rang, chiffre in enumerate(reversed(chiffres)):
        double = int(chiffre) * (1 + rang % 2)
        total += double - 9 if double > 9 else double
    return total


def _check_considerations(lu: _Lecteur) -> Iterator[Remarque]:
    listes = (
        ("considerationsSociales", "considerationSociale", AUCUNE_SOCIALE),
        (
            "considerationsEnvironnementales",
            "considerationEnvironnementale",
            AUCUNE_ENVIRONNEMENTALE,
        ),
        ("techniques", "technique", "Sans objet"),
        ("modalitesExecution", "modaliteExecution", "Sans objet"),
    )
    for nom, element, aucune in listes:
        valeurs = lu.get(nom, element)
        if isinstance(valeurs, list) and aucune in valeurs and len(valeurs) > 1:
            yield (nom, element), "coherence", f"« {aucune} » ne va avec aucune autre valeur."


def _check_avance(lu: _Lecteur) -> Iterator[Remarque]:
    avance, taux = lu.get("attributionAvance"), lu.nombre("tauxAvance")
    if avance is True and taux is None:
        yield (
            ("attributionAvance",),
            "coherence",
            "Donnez le taux de l’avance (0 s’il est inconnu).",
        )
    elif avance is False and taux:
        yield ("tauxAvance",), "coherence", "Un taux d’avance est donné, mais aucune avance."


def _check_origines(lu: _Lecteur) -> Iterator[Remarque]:
    europe, france = lu.nombre("origineUE"), lu.nombre("origineFrance")
    if europe is not None and france is not None and france > europe:
        message = "La part française ne peut pas dépasser celle de l’Union européenne."
        yield ("origineFrance",), "coherence", message


def _check_groupement(lu: _Lecteur) -> Iterator[Remarque]:
    nombre = len(lu.suite("titulaires", "titulaire"))
    groupement = lu.texte("typeGroupementOperateurs")
    if nombre > 1 and groupement == "Pas de groupement":
        message = f"{nombre} titulaires sans groupement : dites s’il est conjoint ou solidaire."
        yield ("typeGroupementOperateurs",), "coherence", message


def _check_dates_marche(lu: _Lecteur) -> Iterator[Remarque]:
    notification, publication = lu.jour("dateNotification"), lu.jour("datePublicationDonnees")
    if not notification or not publication:
        return
    if publication < notification:
        yield ("datePublicationDonnees",), "chronologie", "La publication précède la notification."
    elif publication > add_mois(notification, MOIS_POUR_PUBLIER):
        message = "Publié plus de deux mois après la notification (art. R. 2196-1)."
        yield ("datePublicationDonnees",), "delai-publication", message


def add_mois(jour: date, mois: int) -> date:
    """Même quantième quelques mois plus tard, ou le dernier jour du mois."""
    rang = jour.month - 1 + mois
    an, mois_vise = jour.year + rang // 12, rang % 12 + 1
    if an > date.max.year:
        return date.max
    for quantieme in (jour.day, 30, 29, 28):
        try:
            return date(an, mois_vise, min(jour.day, quantieme))
        except ValueError:
            continue
    return date(an, mois_vise, 28)


def _check_montant(lu: _Lecteur) -> Iterator[Remarque]:
    montant, jour = lu.nombre("montant"), lu.jour("dateNotification")
    seuil = find_seuil("donnees-essentielles", jour) if jour else None
    if montant is not None and seuil and montant < seuil.montant:
        message = f"Sous {seuil.montant} € HT, publier est facultatif ({seuil.article})."
        yield ("montant",), "sous-le-seuil", message


def _check_dates_concession(lu: _Lecteur) -> Iterator[Remarque]:
    debut, publication = lu.jour("dateDebutExecution"), lu.jour("datePublicationDonnees")
    if debut and publication and publication > debut:
        message = "À publier avant le début de l’exécution (art. R. 3131-1)."
        yield ("datePublicationDonnees",), "delai-publication", message


def _check_sequences(lu: _Lecteur) -> Iterator[Remarque]:
    for nom, element in (
        ("modifications", "modification"),
        ("actesSousTraitance", "acteSousTraitance"),
    ):
        precedent: Decimal | None = None
        for chemin in lu.suite(nom, element):
            numero = lu.nombre(*chemin, "id")
            if numero is not None and precedent is not None and numero <= precedent:
                message = "Les numéros se suivent, sans répétition, dans l’ordre des notifications."
                yield (*chemin, "id"), "sequence", message
            precedent = numero if numero is not None else precedent


def _check_actes(lu: _Lecteur) -> Iterator[Remarque]:
    actes = {lu.nombre(*acte, "id") for acte in lu.suite("actesSousTraitance", "acteSousTraitance")}
    nom, element = "modificationsActesSousTraitance", "modificationActeSousTraitance"
    for chemin in lu.suite(nom, element):
        numero = lu.nombre(*chemin, "id")
        if numero is not None and numero not in actes:
            message = "Aucun acte de sous-traitance ne porte ce numéro."
            yield (*chemin, "id"), "sequence", message


Regle = Callable[[_Lecteur], Iterator[Remarque]]
_COMMUNES: tuple[Regle, ...] = (_check_id, _check_sirets, _check_considerations, _check_sequences)
_DES_MARCHES: tuple[Regle, ...] = (
    _check_avance,
    _check_origines,
    _check_groupement,
    _check_dates_marche,
    _check_montant,
    _check_actes,
)
_DES_CONCESSIONS: tuple[Regle, ...] = (_check_dates_concession,)

"""Ce que l’adoption prête aux autres : fiches, rappels, recherche, encart de l’accueil, mesures."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.ensembles import Brute, LecturePrevue
from socle.fondations.commun.fiches import Contexte, Fiche, Groupe, plan_fiches, plan_groupe
from socle.fondations.referentiels.models import Autorite
from socle.fondations.referentiels.queries import search_communes
from socle.metiers.adoption.enums import EtatConvention, Source
from socle.metiers.adoption.models import TOUTES, Brique, Convention, Signature, Situation
from socle.metiers.adoption.queries.conventions import search_conventions
from socle.metiers.adoption.queries.taux import Taux, format_part

PETITES = 3_500  # habitants
RAPPELS = """
SELECT 'solution' AS sorte, solution AS slug, '' AS titre, utilisent AS nombre, fictives
FROM adoption_brique
WHERE solution = %(slug)s AND solution <> '' AND utilisent > 0
UNION ALL
SELECT 'convention', c.slug, c.titre, count(s.id), 0 FROM adoption_convention c
LEFT JOIN adoption_signature s ON s.convention_id = c.id AND s.retiree_le IS NULL
WHERE c.liens @> ARRAY[%(cle)s]::varchar[] AND c.etat <> 'brouillon' GROUP BY c.id
ORDER BY sorte DESC, titre
"""
TOTAUX = """
SELECT (SELECT coalesce(sum(nombre), 0) FROM adoption_effectif) AS nombre,
  coalesce(sum(utilisent), 0) AS utilisent, coalesce(sum(prevoient), 0) AS prevoient,
  coalesce(sum(declarees), 0) AS declarees, coalesce(sum(importees), 0) AS importees,
  coalesce(sum(mesurees), 0) AS mesurees, coalesce(sum(fictives), 0) AS fictives,
  coalesce(sum(utilisent) FILTER (WHERE tranche < %(petites)s), 0) AS petites
FROM adoption_couverture WHERE solution = ''
"""
FRACTIONS = ((0.5, "une sur deux"), (2 / 3, "deux sur trois"), (0.75, "trois sur quatre"),
             (0.8, "quatre sur cinq"), (0.9, "neuf sur dix"), (1 / 3, "une sur trois"),
             (0.25, "une sur quatre"))  # fmt: skip
PROCHE = 0.02


def resolve_conventions(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    slugs = [cle.partition(":")[2] for cle in cles]
    trouvees = Convention.objects.filter(slug__in=slugs).exclude(etat=EtatConvention.BROUILLON)
    return plan_fiches(trouvees.order_by("pk"), _build_fiche)


def resolve_autorites(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    nus = [cle.partition(":")[2] for cle in cles]
    return plan_fiches(Autorite.objects.filter(cle__in=nus).order_by("cle"), _build_lieu)


def _build_lieu(autorite: Autorite) -> Fiche:
    url = build_chemin_installation("adoption:autorite", autorite.cle)
    return Fiche(f"autorite:{autorite.cle}", autorite.nom, url, str(autorite.get_genre_display()))


def list_rappels_de(cle: str) -> LecturePrevue[Groupe]:
    """« Utilisée par 412 collectivités », et les conventions qui citent la clé."""
    prefixe, _, slug = cle.partition(":")
    lignes = Brute(RAPPELS, {"slug": slug if prefixe == "solution" else "", "cle": cle})
    return LecturePrevue(
        (lignes,),
        lambda lues: Groupe("Adoption", tuple(_build_rappel(**ligne) for ligne in lues)),
    )


def _build_rappel(sorte: str, slug: str, titre: str, nombre: int, fictives: int) -> Fiche:
    s = "s" if nombre > 1 else ""
    if sorte == "convention":
        url = build_chemin_installation("adoption:convention", slug)
        return Fiche(f"convention:{slug}", titre, url, f"{nombre} adhérente{s}")
    url = build_chemin_installation("adoption:solution", slug)
    reserve = (
        f"dont {fictives} fictive{'s' if fictives > 1 else ''}, pour la démonstration"
        if fictives
        else ""
    )
    return Fiche(f"solution:{slug}", f"Utilisée par {nombre} collectivité{s}", url, reserve)


def search_textes(texte: str) -> LecturePrevue[Groupe]:
    return plan_groupe("Conventions et chartes", search_conventions(texte), _build_fiche)


def search_lieux(texte: str) -> Groupe:
    """Les communes de ce nom ou de ce code postal ; la page des collectivités en trouve plus."""
    return Groupe(
        "Collectivités",
        tuple(
            Fiche(
                f"autorite:commune-{commune.code}",
                commune.nom,
                build_chemin_installation("adoption:autorite", f"commune-{commune.code}"),
                f"Commune, {commune.departement}",
            )
            for commune in search_communes(texte, 8)
        ),
    )


def _build_fiche(convention: Convention) -> Fiche:
    url = build_chemin_installation("adoption:convention", convention.slug)
    detail = f"{convention.get_genre_display()}, portée par {convention.porteur}"
    return Fiche(convention.cle, convention.titre, url, detail)


def build_accueil(request: HttpRequest, sujet: Any) -> LecturePrevue[Contexte]:
    """Collectivités actives, et la part des petites ; rien tant que personne n’utilise rien."""
    return LecturePrevue((Brute(TOTAUX, {"petites": PETITES}),), _describe_accueil)


def _describe_accueil(lignes: list[dict[str, int]]) -> Contexte:
    petites = lignes[0].pop("petites")
    tout = Taux(**lignes[0])
    if not tout.utilisent:
        return None
    part = name_part(petites / tout.utilisent)
    verbe = "a" if part.startswith("une ") else "ont"
    phrase = f"{part} {verbe} moins de 3\N{NO-BREAK SPACE}500 habitants"
    return {"actives": tout.utilisent, "phrase": phrase if petites else "", "taux": tout}


def name_part(part: float) -> str:
    """« deux sur trois » près de la fraction, sinon « 41 % d’entre elles »."""
    for fraction, mots in FRACTIONS:
        if abs(part - fraction) <= PROCHE:
            return mots
    return f"{format_part(part)} d’entre elles"


# Mesures ------------------------------------------------------------------------------------------
def _list_actives(jour: date) -> Any:
    vraies = Situation.objects.filter(solution=TOUTES).exclude(source=Source.FICTIVE)
    return vraies.filter(depuis__lte=jour)


def count_actives(jour: date) -> Decimal | None:
    return Decimal(_list_actives(jour).count())


def count_petites(jour: date) -> Decimal | None:
    """Part, sur cent, des collectivités actives qui ont moins de 3 500 habitants."""
    actives = _list_actives(jour)
    total = actives.count()
    if not total:
        return None
    petites = actives.filter(population__lt=PETITES).count()
    return (Decimal(100 * petites) / total).quantize(Decimal("0.1"))


def count_signatures(jour: date) -> Decimal | None:
    en_cours = Q(retiree_le=None) | Q(retiree_le__date__gt=jour)
    return Decimal(Signature.objects.filter(en_cours, signee_le__date__lte=jour).count())


def count_suivies(jour: date) -> Decimal | None:
    return Decimal(Brique.objects.exclude(solution=TOUTES).filter(utilisent__gt=0).count())

"""Ce que sème l’adoption : des conventions modèles ; au bac à sable, des faits à montrer."""

import tomllib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.timezone import localdate

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.locataire import locataire
from socle.metiers.adoption.enums import EtatConvention, GenreConvention, Source, Usage
from socle.metiers.adoption.models import Brique, Convention, Fait, Signature
from socle.metiers.adoption.queries.autorites import get_autorite_de
from socle.metiers.adoption.services.agregats import rebuild_tout
from socle.metiers.adoption.services.conventions import (
    create_convention,
    set_etat,
    sign_convention,
)
from socle.metiers.adoption.services.mesures import apply_mesures

CONVENTIONS = Path(__file__).resolve().parents[1] / "donnees" / "conventions.toml"
ACTEUR = "systeme"
# Solutions des sources du programme ; le catalogue leur donne leur nom.
SUIVIES = ("demarches-simplifiees", "franceconnect", "tchap", "cloud-cercle-3", "socle")
DEMONSTRATION = "Fait de démonstration, bac à sable"
# Ce que disent d’elles-mêmes les deux collectivités de la démonstration.
DECLAREES = (
    ("219200235", "tchap", Usage.PREVOIT),
    ("219200235", "demarches-simplifiees", Usage.ARRETE),
    ("200057966", "tchap", Usage.UTILISE),
    ("200057966", "cloud-cercle-3", Usage.PREVOIT),
)
SIGNATURES = (("219200235", "dpo-mutualise"), ("200057966", "experimentation-tchap"))
# Tirage toujours le même : plus fréquent dans les grandes, inégal d’un département à l’autre.
FICTIFS = """
INSERT INTO adoption_fait (solution, autorite, date_fait, source, usage, acteur, precision, motif,
  cree_le, modifie_le)
SELECT slug, cle, date '2019-01-01' + (h2 %% (%(jour)s::date - date '2019-01-01')), 'fictive',
  CASE WHEN h3 %% 9 = 0 THEN 'prevoit' WHEN h3 %% 31 = 1 THEN 'arrete' ELSE 'utilise' END,
  'systeme', '', '', %(maintenant)s, %(maintenant)s
FROM (
  SELECT a.cle, s.slug, s.base, a.tranche,
    ('x' || substr(md5(a.cle || s.slug), 1, 7))::bit(28)::int AS h1,
    ('x' || substr(md5(a.cle || s.slug), 9, 7))::bit(28)::int AS h2,
    ('x' || substr(md5(a.cle || s.slug), 17, 7))::bit(28)::int AS h3,
    ('x' || substr(md5(a.departement || s.slug), 1, 7))::bit(28)::int AS hd
  FROM referentiels_autorite a CROSS JOIN (VALUES ('franceconnect', 0.24),
    ('demarches-simplifiees', 0.30), ('tchap', 0.10), ('cloud-cercle-3', 0.05)) s(slug, base)
  WHERE NOT EXISTS (SELECT 1 FROM collectivites_collectivite c WHERE c.siren = a.siren)
) tires
WHERE h1 / 268435456.0 < base * (0.15 + 1.7 * hd / 268435456.0) * CASE
  WHEN tranche < 500 THEN 0.12 WHEN tranche < 1000 THEN 0.22 WHEN tranche < 3500 THEN 0.45
  WHEN tranche < 10000 THEN 0.9 WHEN tranche < 50000 THEN 1.5 ELSE 2.2 END
ON CONFLICT (solution, autorite, date_fait, source) WHERE annule_le IS NULL DO NOTHING
"""


def seed(maintenant: datetime) -> str:
    """Sème ce qui manque ; ne change rien de ce qui existe. Rend une phrase."""
    for slug in SUIVIES:
        Brique.objects.get_or_create(solution=slug)
    neuves = [_seed_convention(fiche, maintenant) for fiche in _read_conventions()]
    fictifs = 0
    if settings.BAC_A_SABLE:
        fictifs = _seed_fictifs(maintenant)
        _seed_declarations(maintenant)
        _seed_signatures(maintenant)
    apply_mesures(maintenant=maintenant)
    rebuild_tout(maintenant=maintenant)
    return f"Adoption : {sum(neuves)} conventions ajoutées, {fictifs} faits fictifs"


def _read_conventions() -> list[dict[str, object]]:
    with CONVENTIONS.open("rb") as fichier:
        fiches: list[dict[str, object]] = tomllib.load(fichier)["convention"]
    return fiches


def _seed_convention(fiche: dict[str, object], maintenant: datetime) -> bool:
    if Convention.objects.filter(slug=fiche["slug"]).exists():
        return False
    convention = create_convention(
        slug=str(fiche["slug"]),
        titre=str(fiche["titre"]),
        genre=GenreConvention(str(fiche["genre"])),
        resume=str(fiche["resume"]),
        porteur=str(fiche["porteur"]),
        pour_qui=str(fiche["pour_qui"]),
        texte=str(fiche["texte"]),
        liens=[str(cle) for cle in fiche["liens"]],  # type: ignore[attr-defined]
        acteur=ACTEUR,
        maintenant=maintenant,
    )
    set_etat(
        convention=convention, etat=EtatConvention.OUVERTE, acteur=ACTEUR, maintenant=maintenant
    )
    return True


def _seed_fictifs(maintenant: datetime) -> int:
    if Fait.objects.filter(source=Source.FICTIVE).exists():
        return 0
    valeurs = {
        "maintenant": maintenant,
        "jour": localdate(maintenant),
    }
    with connection.cursor() as curseur:
        curseur.execute(FICTIFS, valeurs)
        nombre: int = curseur.rowcount
    return nombre


def _seed_declarations(maintenant: datetime) -> None:
    for siren, solution, usage in DECLAREES:
        collectivite = Collectivite.objects.filter(siren=siren).first()
        if collectivite is None:
            continue
        autorite = get_autorite_de(collectivite)
        deja = Fait.objects.filter(solution=solution, autorite=autorite.cle)
        if not deja.exclude(source=Source.FICTIVE).exists():
            Fait.objects.create(
                solution=solution, autorite=autorite.cle, date_fait=localdate(maintenant),
                source=Source.DECLAREE, usage=usage, acteur=ACTEUR, precision=DEMONSTRATION,
            )  # fmt: skip


def _seed_signatures(maintenant: datetime) -> None:
    for siren, slug in SIGNATURES:
        collectivite = Collectivite.objects.filter(siren=siren).first()
        convention = Convention.objects.filter(slug=slug).first()
        if collectivite is None or convention is None or not convention.is_ouverte:
            continue
        if Signature.objects.filter(convention=convention, siren=siren).exists():
            continue
        with locataire(collectivite.pk):
            sign_convention(
                convention=convention, numero=convention.versions.count(),
                collectivite=collectivite, fonction="Maire ou président (démonstration)",
                acteur=ACTEUR, maintenant=maintenant,
            )  # fmt: skip

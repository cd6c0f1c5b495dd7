"""Ajouter au journal : une instruction SQL, dans la transaction de ce qui est raconté."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection

from socle.fondations.commun.identifiants import uuid7
from socle.fondations.journal.models import INSTALLATION, Entree
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.json_canonique import encode_json
from socle.normes.preuve.merkle import hash_feuille

CONTENU_MAX = 32 * 1024
_LONGUEURS = {"action": 80, "objet": 120, "acteur": 120}

# Sans RETURNING : l’application peut écrire au journal de l’installation, pas le lire.
_AJOUT = """
INSERT INTO journal_entree (id, collectivite_id, action, objet, acteur, survenu_le, donnees,
  engagements, empreinte) VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s)
"""


def record(
    *,
    action: str,
    objet: str,
    acteur: str,
    collectivite_id: int | None,
    maintenant: datetime,
    donnees: Mapping[str, Any] | None = None,
    engagements: Mapping[str, str] | None = None,
) -> Entree:
    """Ajoute une entrée au journal d’une collectivité, ou de l’installation.

    Une seule instruction SQL. À appeler dans la transaction qui fait l’action : les deux sont
    validées ensemble ou pas du tout.

    Args:
        action: ce qui est fait, « dossier.depose ».
        objet: sur quoi, « dossier:44171 ».
        acteur: par qui : « agent:12 », « usager:34 », « invite:… », « systeme ».
        collectivite_id: collectivité ouverte par `locataire`, ou None pour l’installation.
        donnees: faits sans donnée personnelle, en JSON ; 32 Kio au plus avec le reste.
        engagements: nom → engagement salé (`normes.preuve.engagements`).

    Raises:
        PreuveInvalide: texte vide ou trop long, ou donnée sans forme JSON canonique. C’est un
            défaut du code appelant.
    """
    entree = _build_entree(
        uuid7(),
        action,
        objet,
        acteur,
        collectivite_id,
        maintenant,
        donnees or {},
        engagements or {},
    )
    _insert(_AJOUT, entree)
    return entree


def record_consultation(
    *,
    objet: str,
    acteur: str,
    collectivite_id: int,
    maintenant: datetime,
    action: str = "dossier.consulte",
) -> bool:
    """Note qu’une personne a ouvert un dossier, une fois par acteur, objet et heure.

    Une instruction, sans verrou : l’identifiant est tiré de l’acteur, de l’objet et de l’heure, et
    la base ignore le doublon. Rend vrai si l’entrée est nouvelle.
    """
    identifiant = _build_identifiant(collectivite_id, action, objet, acteur, maintenant)
    entree = _build_entree(identifiant, action, objet, acteur, collectivite_id, maintenant, {}, {})
    return _insert(f"{_AJOUT} ON CONFLICT DO NOTHING", entree) == 1


def _build_entree(
    identifiant: uuid.UUID,
    action: str,
    objet: str,
    acteur: str,
    collectivite_id: int | None,
    maintenant: datetime,
    donnees: Mapping[str, Any],
    engagements: Mapping[str, str],
) -> Entree:
    entree = Entree(
        id=identifiant,
        collectivite_id=INSTALLATION if collectivite_id is None else collectivite_id,
        action=action,
        objet=objet,
        acteur=acteur,
        survenu_le=maintenant,
        donnees=donnees,
        engagements=engagements,
    )
    contenu = entree.contenu
    for champ, longueur in _LONGUEURS.items():
        if not 0 < len(getattr(entree, champ)) <= longueur:
            raise PreuveInvalide(f"« {champ} » est vide ou trop long pour le journal.")
    if len(contenu) > CONTENU_MAX or b"\\u0000" in contenu:
        raise PreuveInvalide("Entrée trop longue pour le journal, ou avec un caractère nul.")
    entree.empreinte = hash_feuille(contenu)
    return entree


def _insert(instruction: str, entree: Entree) -> int:
    with connection.cursor() as curseur:
        curseur.execute(
            instruction,
            [
                entree.id,
                entree.collectivite_id,
                entree.action,
                entree.objet,
                entree.acteur,
                entree.survenu_le,
                encode_json(entree.donnees).decode(),
                encode_json(entree.engagements).decode(),
                bytes(entree.empreinte),
            ],
        )
        return curseur.rowcount


def _build_identifiant(
    collectivite_id: int, action: str, objet: str, acteur: str, maintenant: datetime
) -> uuid.UUID:
    """UUID version 8 : 48 bits de millisecondes au début de l’heure, puis une empreinte.

    Source: RFC 9562, §5.8.
    """
    heure = int(maintenant.timestamp()) // 3600
    texte = "\0".join([str(collectivite_id), action, objet, acteur, str(heure)])
    suite = int.from_bytes(sha256(texte.encode()).digest()[:10], "big")
    valeur = heure * 3_600_000 << 80 | suite
    valeur = valeur & ~(0xF << 76) | 8 << 76
    valeur = valeur & ~(0b11 << 62) | 0b10 << 62
    return uuid.UUID(int=valeur)

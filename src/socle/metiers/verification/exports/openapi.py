"""La description de l’interface de programmation, pour les logiciels et leurs auteurs."""

from typing import Any

from socle.metiers.verification.enums import Geste
from socle.metiers.verification.ports import LIMITES, Verificateur, verificateurs

CHEMIN = "/api/outils/verifier/"
_TEXTE = {"type": ["string", "null"]}
FAUTE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "ligne": {"type": ["integer", "null"], "description": "l’en-tête est la ligne 1"},
        "champ": _TEXTE,
        "code": {"type": "string", "description": "celui du contrôleur officiel"},
        "nom": {"type": "string"},
        "message": {"type": "string", "description": "que faire, en français"},
        "cellule": _TEXTE,
    },
}
EVENEMENT: dict[str, Any] = {
    "type": "object",
    "properties": {nom: {"type": "string"} for nom in ("code", "statut", "message", "lieu")},
}
RAPPORT: dict[str, Any] = {
    "type": "object",
    "required": ["norme", "fichier", "valide", "erreurs", "avertissements"],
    "properties": {
        "norme": {"type": "string"},
        "nature": {"type": "string"},
        "reconnu": {"type": "boolean", "description": "vrai si la nature n’a pas été dite"},
        "fichier": {"type": "string"},
        "valide": {"type": ["boolean", "null"], "description": "null : fichier illisible"},
        "resume": {"type": "array", "items": {"type": "string"}},
        "nombre": {"type": "integer", "description": "fautes comptées, gardées ou non"},
        "tronque": {"type": "boolean"},
        "erreurs": {"type": "array", "items": {"$ref": "#/components/schemas/Faute"}},
        "avertissements": {"type": "array", "items": {"type": "object"}},
        "evenements": {"type": "array", "items": {"$ref": "#/components/schemas/Evenement"}},
        "changements": {"type": "array", "items": {"type": "object"}},
        "corrige": {
            "type": "object",
            "properties": {
                "nom": {"type": "string"},
                "contenu": {"type": "string", "contentEncoding": "base64"},
            },
        },
    },
}
PROBLEME: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"}, "detail": {"type": "string"}, "status": {"type": "integer"},
    },
}  # fmt: skip
REFUS = {
    400: "Aucun fichier, nature inconnue, schéma de trop",
    413: "Fichier ou schéma trop lourd",
    429: "Trop de fichiers depuis cette adresse : attendre Retry-After secondes",
    503: "Toutes les places sont prises : recommencer dans une minute",
}


def describe_normes(adresse: str) -> dict[str, Any]:
    """Les normes contrôlées, les valeurs de `nature`, et les limites."""
    return {
        "normes": [_describe(verificateurs[code]) for code in verificateurs],
        "limites": {
            "octets": LIMITES.octets,
            "octets_schema": LIMITES.schema,
            "secondes": LIMITES.secondes,
            "fautes_gardees": LIMITES.gardees,
            "frequences": [
                {"fichiers": nombre, "secondes": int(duree.total_seconds())}
                for nombre, duree in LIMITES.frequences
            ],
        },
        "openapi": f"{adresse}{CHEMIN}openapi.json",
    }


def _describe(verificateur: Verificateur) -> dict[str, Any]:
    norme = verificateur.norme
    natures = [{"valeur": f"{norme}:{code}", "titre": t} for code, t in verificateur.choix]
    return {
        "norme": norme,
        "titre": verificateur.titre,
        "corrige": bool(verificateur.verbe_corriger),
        "sans_correction": verificateur.sans_correction or None,
        "natures": natures or [{"valeur": norme, "titre": verificateur.titre}],
    }


def build_openapi(adresse: str, version: str) -> dict[str, Any]:
    """Rend le document OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vérifier un fichier",
            "version": version,
            "description": "Contrôle un fichier d’une norme officielle, sans le garder ni demander "
            "de clé. Les mêmes rapports que « ./socle normes … --json ».",
        },
        "servers": [{"url": adresse}],
        "paths": {CHEMIN: {"get": _build_lecture(), "post": _build_envoi()}},
        "components": {
            "schemas": {
                "Rapport": RAPPORT, "Faute": FAUTE, "Evenement": EVENEMENT, "Probleme": PROBLEME,
            }
        },
    }  # fmt: skip


def _build_lecture() -> dict[str, Any]:
    return {
        "summary": "Normes contrôlées, valeurs de « nature », limites",
        "responses": {"200": {"description": "Les normes", "content": {"application/json": {}}}},
    }


def _build_envoi() -> dict[str, Any]:
    geste = {"type": "string", "enum": [str(g) for g in Geste], "default": str(Geste.VERIFIER)}
    nature = {"type": "string", "description": "vide : le fichier est reconnu"}
    rapport = {"application/json": {"schema": {"$ref": "#/components/schemas/Rapport"}}}
    probleme = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Probleme"}}}
    formulaire = {
        "type": "object",
        "required": ["fichier"],
        "properties": {
            "fichier": {"type": "string", "format": "binary"}, "nature": nature, "geste": geste,
            "schema": {
                "type": "string", "format": "binary",
                "description": "Table Schema (JSON) du tableau, s’il n’est pas des natures",
            },
        },
    }  # fmt: skip
    return {
        "summary": "Contrôler ou corriger un fichier",
        "parameters": [
            {"name": nom, "in": "query", "schema": schema, "description": "avec un corps brut"}
            for nom, schema in (("nom", {"type": "string"}), ("nature", nature), ("geste", geste))
        ],
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": formulaire},
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            },
        },
        "responses": {
            "200": {"description": "Le rapport", "content": rapport},
            "422": {
                "description": "Fichier ou schéma illisible",
                "content": rapport | probleme,
            },
            **{str(s): {"description": d, "content": probleme} for s, d in REFUS.items()},
        },
    }

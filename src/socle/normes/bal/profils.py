"""Les profils 1.3, 1.4 et 1.5 : ce que vaut chaque code dans chacun.

Source : profils du validateur officiel 3.5.2. Un code absent des deux listes est une information.
"""

from enum import StrEnum

from socle.normes.bal.vocabulaire import FORMATS, LANGUES, REGIONAUX


class Niveau(StrEnum):
    ERREUR = "E"
    AVERTISSEMENT = "W"
    INFORMATION = "I"


def _codes(prefixe: str, suffixes: str) -> set[str]:
    return {f"{prefixe}.{suffixe}" for suffixe in suffixes.split()}


_ERREURS_1_3 = frozenset(
    _codes("cle_interop", "structure_invalide commune_invalide numero_invalide valeur_manquante"
                          " numero_prefixe_manquant casse_invalide")
    | _codes("voie_nom", "valeur_manquante trop_court trop_long caractere_invalide")
    | _codes("numero", "valeur_manquante type_invalide trop_grand contient_prefixe")
    | _codes("suffixe", "debut_invalide trop_long espaces_debut_fin")
    | _codes("commune_insee", "commune_invalide valeur_manquante espaces_debut_fin")
    | {f"{axe}.{faute}" for axe in ("x", "y", "long", "lat")
       for faute in ("valeur_invalide", "separateur_decimal_invalide")}
    | _codes("row", "incoherence_numero commune_manquante longlat_vides longlat_invalides"
                    " adresse_incomplete")
    | {f"field.{champ}.missing" for champ in ("voie_nom", "numero", "commune_insee", "long", "lat")}
    | {f"file.{objet}.non_standard" for objet in ("encoding", "delimiter", "linebreak")}
    | {"date_der_maj.date_invalide", "rows.empty"}
)  # fmt: skip
_AVERTISSEMENTS_1_3 = frozenset(
    _codes("cle_interop", "voie_invalide commune_ancienne")
    | _codes("voie_nom", "casse_incorrecte contient_tiret_bas")
    | _codes("voie_nom_@@", "casse_incorrecte contient_tiret_bas trop_court trop_long"
                            " caractere_invalide espaces_debut_fin")
    | _codes("commune_deleguee_insee", "commune_invalide commune_non_deleguee")
    | _codes("position", "enum_fuzzy valeur_invalide")
    | _codes("cad_parcelles", "valeur_invalide pipe_debut_fin")
    | _codes("date_der_maj", "valeur_manquante date_ancienne date_future")
    | _codes("uid_adresse", "type_invalide incoherence_ids_ban")
    | _codes("row", "voie_nom_have_same_lieudit_complement_nom commune_nom_invalide"
                    " position_manquante chef_lieu_invalide longlat_xy_incoherents"
                    " lieudit_complement_nom_not_declared")
    | {f"field.{champ}.missing" for champ in ("suffixe", "cle_interop", "position", "x", "y",
                                              "source", "date_der_maj", "certification_commune")}
    | {f"{champ}.espaces_debut_fin" for champ in (
        "cle_interop", "commune_nom", "commune_deleguee_insee", "commune_deleguee_nom",
        "uid_adresse", "voie_nom", "lieudit_complement_nom", "lieudit_complement_nom_@@", "numero",
        "position", "long", "lat", "x", "y", "cad_parcelles", "source", "date_der_maj")}
    | {"commune_insee.commune_ancienne", "source.valeur_manquante", "suffixe.caractere_invalide",
       "certification_commune.valeur_invalide", "numero.not_to_be_zero"}
)  # fmt: skip
_IDS_ABSENTS = frozenset(
    f"field.{champ}.missing" for champ in ("id_ban_commune", "id_ban_toponyme", "id_ban_adresse")
)
_ERREURS_1_4 = _ERREURS_1_3 | {
    "id_ban_commune.type_invalide", "id_ban_toponyme.type_invalide",
    "id_ban_adresse.type_invalide", "uid_adresse.type_invalide", "row.lack_of_id_ban",
    "row.cog_no_match_id_ban_commune", "rows.multi_id_ban_commune",
    "rows.every_line_required_id_ban",
}  # fmt: skip
_AVERTISSEMENTS_1_4 = (
    _AVERTISSEMENTS_1_3
    | _IDS_ABSENTS
    | _codes("row", "different_voie_nom_with_same_id_ban_toponyme"
                    " different_id_ban_toponyme_with_same_voie_nom"
                    " different_adresse_with_same_id_ban_adresse"
                    " different_id_ban_adresses_with_same_adresse")
)  # fmt: skip
_TOPONYME = _codes("toponyme", "valeur_manquante trop_court trop_long caractere_invalide")
_ERREURS_1_5 = (
    (_ERREURS_1_4 - {"field.voie_nom.missing"})
    | _IDS_ABSENTS
    | _TOPONYME
    | {"field.toponyme.missing"}
)
_AVERTISSEMENTS_1_5 = (
    (_AVERTISSEMENTS_1_4 - _IDS_ABSENTS)
    | _codes("toponyme", "casse_incorrecte contient_tiret_bas")
    | _codes("toponyme_@@", "casse_incorrecte contient_tiret_bas trop_court trop_long"
                            " caractere_invalide")
)  # fmt: skip
PROFILS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "1.3": (_ERREURS_1_3, _AVERTISSEMENTS_1_3),
    "1.4": (_ERREURS_1_4, _AVERTISSEMENTS_1_4),
    "1.5": (_ERREURS_1_5, _AVERTISSEMENTS_1_5),
}
_LOCALISES = {f"{champ}_{langue}": (champ, langue) for champ in REGIONAUX for langue in LANGUES}


def split_champ(nom: str) -> tuple[str, str]:
    """Sépare « toponyme_bre » en (« toponyme », « bre ») ; la langue est vide pour le français."""
    return _LOCALISES.get(nom, (nom, ""))


def find_niveau(profil: str, code: str) -> Niveau:
    """Rend ce que vaut un code dans un profil : erreur, avertissement ou information."""
    erreurs, avertissements = PROFILS[profil]
    nom, _, faute = code.partition(".")
    champ, langue = split_champ(nom)
    compare = f"{champ}_@@.{faute}" if langue else code
    if compare in erreurs:
        return Niveau.ERREUR
    return Niveau.AVERTISSEMENT if compare in avertissements else Niveau.INFORMATION


def is_du_profil(profil: str, champ: str) -> bool:
    """Vrai si une colonne compte dans cette version ; ce qui n’est pas un champ compte toujours."""
    return champ not in FORMATS or profil in FORMATS[champ]


def choose_profil(champs: set[str]) -> str:
    """Rend la version que les colonnes annoncent."""
    if not {"id_ban_commune", "id_ban_toponyme", "id_ban_adresse"} <= champs:
        return "1.3"
    return "1.5" if "toponyme" in champs else "1.4"

"""Périmètres (« scopes ») de FranceConnect et ce que chacun donne de l’identité."""

from typing import Any

from socle.simulateurs.etat_civil import Personne

PIVOT = (
    "given_name",
    "given_name_array",
    "family_name",
    "birthdate",
    "gender",
    "birthplace",
    "birthcountry",
)
REVENDICATIONS: dict[str, tuple[str, ...]] = {
    "openid": (),
    "profile": (
        "given_name",
        "given_name_array",
        "family_name",
        "birthdate",
        "gender",
        "preferred_username",
    ),
    "birth": ("birthplace", "birthcountry"),
    "identite_pivot": PIVOT,
    "given_name": ("given_name", "given_name_array"),
    "family_name": ("family_name",),
    "gender": ("gender",),
    "birthdate": ("birthdate",),
    "birthplace": ("birthplace",),
    "birthcountry": ("birthcountry",),
    "preferred_username": ("preferred_username",),
    "email": ("email",),
    "idp_birthdate": ("idp_birthdate",),
    "idp_id": ("idp_id",),
}
RNIPP = ("given_name", "given_name_array", "family_name", "birthdate", "gender")
REVENDICATIONS_PLUS: dict[str, tuple[str, ...]] = {
    **{nom: valeur for nom, valeur in REVENDICATIONS.items() if not nom.startswith("idp_birth")},
    "rnipp_identite_pivot": tuple(f"rnipp_{nom}" for nom in PIVOT),
    "rnipp_profile": tuple(f"rnipp_{nom}" for nom in RNIPP),
    "rnipp_birth": ("rnipp_birthplace", "rnipp_birthcountry"),
    **{f"rnipp_{nom}": (f"rnipp_{nom}",) for nom in PIVOT if nom != "given_name_array"},
}
DONNEES = (
    "dgfip_",
    "cnaf_",
    "cnous_",
    "mesri_",
    "men_",
    "cnam_",
    "api_fc-",
    "revenu_solidarite_active",
    "prime_activite",
    "allocation_",
    "complementaire_sante_solidaire",
    "dsnj_",
    "gip_mds_",
    "ants_",
)
IDP_ID = "00000000-0000-4000-8000-000000000001"


def list_claims(
    personne: Personne, scopes: tuple[str, ...], table: dict[str, tuple[str, ...]]
) -> dict[str, Any]:
    """Identité permise par les périmètres. Le lieu est vide pour une naissance à l’étranger."""
    noms = {nom for scope in scopes for nom in table.get(scope, ())}
    valeurs = _all_claims(personne)
    return {nom: valeurs[nom] for nom in sorted(noms) if valeurs.get(nom) is not None}


def _all_claims(personne: Personne) -> dict[str, Any]:
    pivot: dict[str, Any] = {
        "given_name": personne.prenoms,
        "given_name_array": personne.prenoms.split(),
        "family_name": personne.nom,
        "birthdate": personne.naissance_complete,
        "gender": personne.genre,
        "birthplace": personne.lieu_remis,
        "birthcountry": personne.pays,
    }
    return {
        **pivot,
        **{f"rnipp_{nom}": valeur for nom, valeur in pivot.items()},
        "preferred_username": personne.usage or None,
        "email": personne.courriel or None,
        "idp_birthdate": personne.naissance,
        "idp_id": IDP_ID,
    }

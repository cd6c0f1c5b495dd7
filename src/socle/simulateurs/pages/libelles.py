"""Ce que veulent dire les périmètres, en français, pour la page de choix."""

LIBELLES = {
    "given_name": "prénoms",
    "family_name": "nom de naissance",
    "usual_name": "nom",
    "gender": "sexe",
    "birthdate": "date de naissance",
    "birthplace": "commune de naissance",
    "birthcountry": "pays de naissance",
    "birth": "lieu de naissance",
    "profile": "prénoms, nom, sexe, date de naissance, nom d’usage",
    "identite_pivot": "prénoms, nom de naissance, sexe, date et lieu de naissance",
    "preferred_username": "nom d’usage",
    "email": "adresse de courriel",
    "siret": "SIRET de l’organisation",
    "organization_label": "nom de l’organisation",
    "dgfip_rfr": "revenu fiscal de référence",
    "dgfip_nbpart": "nombre de parts fiscales",
    "dgfip_sitfam": "situation de famille (impôts)",
    "dgfip_aft": "adresse fiscale",
    "cnaf_quotient_familial": "quotient familial de la Caf ou de la MSA",
    "cnaf_allocataires": "allocataires du foyer",
    "cnaf_enfants": "enfants du foyer",
    "cnaf_adresse": "adresse connue de la Caf ou de la MSA",
}


def describe_scopes(scopes: tuple[str, ...]) -> str:
    """Liste en français, dans l’ordre demandé ; un périmètre sans libellé garde son nom."""
    noms = [LIBELLES.get(scope, scope) for scope in scopes if scope != "openid"]
    return ", ".join(noms) or "rien d’autre qu’un identifiant"

"""Pour chaque code officiel : un titre court et une phrase qui dit comment corriger."""

from socle.normes.bal.profils import split_champ

_IDS = "Gardez l’identifiant BAN déjà attribué ; « corriger » en crée un s’il n’y en a pas."
# Code entier d’abord, puis « *.faute » pour tous les champs. {champ} et {cellule} sont remplacés.
_TEXTES: dict[str, tuple[str, str]] = {
    "*.valeur_manquante": ("Valeur manquante", "Remplissez « {champ} » : il est obligatoire."),
    "*.valeur_invalide": (
        "Valeur incorrecte",
        "« {cellule} » ne convient pas à « {champ} ». Corrigez-la ou videz la cellule.",
    ),
    "*.espaces_debut_fin": ("Espaces en trop", "Ôtez les espaces au début et à la fin."),
    "*.caractere_invalide": (
        "Caractère illisible",
        "Un signe n’a pas pu être lu ou n’est pas permis. Ressaisissez « {champ} ».",
    ),
    "*.type_invalide": (
        "Identifiant mal formé",
        "« {cellule} » n’est pas un identifiant UUID version 4. " + _IDS,
    ),
    "*.separateur_decimal_invalide": (
        "Virgule décimale",
        "Écrivez un point à la place de la virgule.",
    ),
    "*.trop_court": ("Nom trop court", "Écrivez le nom entier : trois signes au moins."),
    "*.trop_long": ("Nom trop long", "Raccourcissez ce nom à 200 signes au plus."),
    "*.casse_incorrecte": (
        "Majuscules ou minuscules",
        "N’écrivez pas tout en majuscules ou en minuscules : « Rue de la Gare ».",
    ),
    "*.contient_tiret_bas": ("Tiret bas", "Remplacez chaque tiret bas « _ » par un espace."),
    "*.commune_invalide": (
        "Commune inconnue",
        "« {cellule} » n’est le code Insee d’aucune commune. Vérifiez-le : cinq signes, « 01004 ».",
    ),
    "*.commune_ancienne": (
        "Commune ancienne",
        "Ce code est celui d’une commune qui n’existe plus seule. Mettez celui de la commune"
        " actuelle, et l’ancien dans « commune_deleguee_insee ».",
    ),
    "cle_interop.casse_invalide": ("Majuscules", "Écrivez la clé en minuscules."),
    "cle_interop.structure_invalide": (
        "Clé mal formée",
        "Écrivez la commune, la voie et le numéro séparés par « _ » : 31591_0010_00009.",
    ),
    "cle_interop.voie_invalide": (
        "Code de voie mal formé",
        "Le code de la voie compte quatre signes. Mettez « xxxx » s’il est inconnu.",
    ),
    "cle_interop.voie_non_renseignee": (
        "Code de voie inconnu",
        "Rien à faire : ce code n’est plus demandé en version 1.5.",
    ),
    "cle_interop.numero_invalide": (
        "Numéro de clé incorrect",
        "La troisième partie de la clé est un nombre de cinq chiffres.",
    ),
    "cle_interop.numero_prefixe_manquant": (
        "Zéros manquants",
        "Complétez le numéro de la clé à cinq chiffres : « 00009 ».",
    ),
    "uid_adresse.type_invalide": (
        "Identifiants mal formés",
        "Écrivez des UUID version 4 : « @c:… @v:… @a:… ».",
    ),
    "numero.type_invalide": (
        "Numéro incorrect",
        "Écrivez un nombre entier, sans lettre : « bis » ou « A » vont dans « suffixe ».",
    ),
    "numero.trop_grand": (
        "Numéro trop grand",
        "Le numéro va de 1 à 99998 ; 99999 déclare un lieu-dit sans adresse.",
    ),
    "numero.contient_prefixe": ("Zéros en tête", "Ôtez les zéros devant le numéro."),
    "numero.not_to_be_zero": ("Numéro zéro", "Attribuez un numéro à partir de 1."),
    "suffixe.debut_invalide": (
        "Suffixe incorrect",
        "Commencez le suffixe par une lettre sans accent ou un chiffre : « bis », « A ».",
    ),
    "suffixe.trop_long": ("Suffixe trop long", "Neuf signes au plus."),
    "commune_nom.casse_incorrecte": (
        "Majuscules ou minuscules",
        "Écrivez le nom officiel de la commune, avec ses majuscules et ses minuscules.",
    ),
    "position.enum_fuzzy": (
        "Position à réécrire",
        "« {cellule} » est comprise mais mal écrite. Mettez l’accent, les minuscules et"
        " l’apostrophe de la liste : « entrée », « cage d’escalier »…",
    ),
    "position.valeur_invalide": (
        "Position inconnue",
        "Choisissez : entrée, bâtiment, cage d’escalier, logement, service technique, délivrance"
        " postale, parcelle ou segment.",
    ),
    "cad_parcelles.valeur_invalide": (
        "Parcelle mal formée",
        "Une parcelle compte 14 signes, « 315910000A0001 » ; séparez-les par « | ».",
    ),
    "cad_parcelles.pipe_debut_fin": ("« | » en trop", "Ôtez le « | » au début ou à la fin."),
    "date_der_maj.date_invalide": (
        "Date mal écrite",
        "« {cellule} » : écrivez AAAA-MM-JJ, par exemple 2026-11-21.",
    ),
    "date_der_maj.date_ancienne": (
        "Date ancienne",
        "Cette date précède 2010. Vérifiez que la ligne est à jour.",
    ),
    "date_der_maj.date_future": ("Date à venir", "Mettez le jour de la dernière modification."),
    "certification_commune.valeur_invalide": (
        "Certification incorrecte",
        "Écrivez 1 si la commune certifie l’adresse, 0 sinon.",
    ),
    "row.incoherence_numero": (
        "Deux numéros différents",
        "Le numéro n’est pas celui de « cle_interop ». Corrigez l’un des deux.",
    ),
    "row.commune_manquante": (
        "Commune absente",
        "Remplissez « commune_insee » avec le code Insee de la commune.",
    ),
    "row.commune_nom_invalide": (
        "Nom de commune",
        "Ce nom n’est pas celui du code Insee. Écrivez le nom officiel.",
    ),
    "row.voie_nom_have_same_lieudit_complement_nom": (
        "Nom en double",
        "La voie et le lieu-dit portent le même nom, ou manquent tous deux. Videz"
        " « lieudit_complement_nom » ou remplissez le nom de la voie.",
    ),
    "row.position_manquante": ("Position absente", "Dites ce que montre le point : « entrée »…"),
    "row.longlat_vides": (
        "Coordonnées absentes",
        "Remplissez « long » et « lat » : toute adresse numérotée a sa place.",
    ),
    "row.longlat_invalides": (
        "Coordonnées hors de France",
        "Vérifiez « long » et « lat » en degrés ; ils sont souvent inversés.",
    ),
    "row.longlat_xy_incoherents": (
        "Deux lieux différents",
        "« x » et « y » sont à plus de dix mètres de « long » et « lat ». Gardez le bon lieu.",
    ),
    "row.adresse_incomplete": (
        "Adresse incomplète",
        "Il manque un numéro ou un nom de voie corrects. Pour un lieu-dit seul : numéro 99999.",
    ),
    "row.chef_lieu_invalide": (
        "Commune déléguée étrangère",
        "« commune_deleguee_insee » n’a pas été réunie à « commune_insee ». Vérifiez les deux.",
    ),
    "row.lack_of_id_ban": ("Identifiant BAN absent", "Il manque un identifiant BAN. " + _IDS),
    "row.cog_no_match_id_ban_commune": (
        "Identifiant d’une autre commune",
        "« id_ban_commune » n’est pas celui que la BAN a donné à cette commune.",
    ),
    "row.different_voie_nom_with_same_id_ban_toponyme": (
        "Un identifiant, deux voies",
        "Le même « id_ban_toponyme » sert à deux noms. Gardez un nom, ou deux identifiants.",
    ),
    "row.different_id_ban_toponyme_with_same_voie_nom": (
        "Une voie, deux identifiants",
        "Ce nom de voie porte plusieurs « id_ban_toponyme ». Gardez le plus ancien.",
    ),
    "row.different_adresse_with_same_id_ban_adresse": (
        "Un identifiant, deux adresses",
        "Le même « id_ban_adresse » sert à deux adresses. Donnez le sien à chacune.",
    ),
    "row.different_id_ban_adresses_with_same_adresse": (
        "Une adresse, deux identifiants",
        "Cette adresse porte plusieurs « id_ban_adresse ». Gardez le plus ancien.",
    ),
    "row.lieudit_complement_nom_not_declared": (
        "Lieu-dit non déclaré",
        "Ajoutez une ligne de numéro 99999 pour ce lieu-dit.",
    ),
    "rows.empty": ("Fichier vide", "Le fichier n’a pas de ligne. Ajoutez une adresse par ligne."),
    "rows.multi_id_ban_commune": (
        "Plusieurs communes",
        "Le fichier porte plusieurs « id_ban_commune ». Faites un fichier par commune.",
    ),
    "rows.every_line_required_id_ban": (
        "Identifiants sur une partie des lignes",
        "Certaines lignes ont leurs identifiants BAN, d’autres non. " + _IDS,
    ),
    "file.encoding.non_standard": ("Encodage", "Enregistrez le fichier en UTF-8."),
    "file.delimiter.non_standard": ("Séparateur", "Séparez les colonnes par un point-virgule."),
    "file.linebreak.non_standard": (
        "Fins de ligne",
        "Enregistrez avec des fins de ligne Unix ou Windows.",
    ),
    "TooFewFields": (
        "Ligne trop courte",
        "Cette ligne a moins de cellules que l’en-tête. Complétez-la, cellules vides comprises.",
    ),
    "TooManyFields": (
        "Ligne trop longue",
        "Cette ligne a plus de cellules que l’en-tête. Mettez entre guillemets la cellule qui"
        " contient le séparateur.",
    ),
    "MissingQuotes": ("Guillemet ouvert", "Un guillemet ouvert ici n’est jamais fermé."),
    "UndetectableDelimiter": (
        "Séparateur introuvable",
        "Le fichier n’a qu’une colonne. Séparez les colonnes par un point-virgule.",
    ),
    "illisible": ("Fichier illisible", "Enregistrez le fichier en CSV, UTF-8, point-virgule."),
}


def explain(code: str, cellule: str = "") -> tuple[str, str]:
    """Rend (titre court, phrase qui dit comment corriger) pour un code officiel."""
    debut, _, faute = code.partition(".")
    champ, langue = split_champ(debut)
    entier = f"{champ}.{faute}" if langue else code
    if debut == "field" and faute.endswith(".missing"):
        colonne = faute.removesuffix(".missing")
        return "Colonne absente", f"Ajoutez la colonne « {colonne} » à l’en-tête."
    titre, phrase = _TEXTES.get(entier) or _TEXTES.get(f"*.{faute}") or ("Anomalie", code)
    return titre, phrase.replace("{champ}", debut).replace("{cellule}", cellule[:60])


def list_codes_expliques() -> frozenset[str]:
    """Rend les codes et motifs de code qui ont une phrase."""
    return frozenset(_TEXTES)

"""Adresse, commune, département, pays."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, TypeVar

from socle.fondations.formulaires.definition import Adresse, ChampSaisi, Commune, Departement, Pays
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.types import geographie
from socle.fondations.formulaires.types.base import (
    Colonne,
    Donnees,
    FragmentSeda,
    Lecture,
    TypeChamp,
)
from socle.fondations.formulaires.valeurs import Json, Lieu, Valeur

L = TypeVar("L", bound=ChampSaisi)
_ILLISIBLE = "Cette réponse est illisible."


class _TypeLieu(TypeChamp[L]):
    nature = Nature.LIEU
    cle_code: ClassVar[str] = "code"

    def check(self, champ: L, valeur: Json, jour: date) -> str:
        if not isinstance(valeur, dict) or not valeur.get(self.cle_code):
            return _ILLISIBLE
        return (
            "" if all(isinstance(v, str) and len(v) <= 300 for v in valeur.values()) else _ILLISIBLE
        )

    def read(self, champ: L, valeur: Json) -> Lieu | None:
        if not isinstance(valeur, dict) or not valeur:
            return None
        code, departement, region = (
            str(valeur.get(cle, "")) for cle in (self.cle_code, "departement", "region")
        )
        return Lieu(code, departement, region)

    def show(self, champ: L, valeur: Json) -> str:
        return str(valeur.get("nom", "")) if isinstance(valeur, dict) else ""

    def edit_texte(self, champ: L, valeur: Json) -> str:
        return self.show(champ, valeur)

    def export_seda(self, champ: L, valeur: Json) -> FragmentSeda:
        texte = self.show(champ, valeur)
        return FragmentSeda(libelle=champ.libelle, valeur=texte, mot_cle="geogname")

    def export_schema(self, champ: L) -> dict[str, Any]:
        proprietes = {cle: {"type": "string"} for cle in ("code", "nom", "departement", "region")}
        return {"type": "object", "properties": proprietes, "required": ["code", "nom"]}


class TypeCommune(_TypeLieu[Commune]):
    """Commune du code officiel géographique, cherchée par nom ou code postal."""

    code = "commune"
    nom = "Commune"
    gabarit = "formulaires_types/commune.html"
    message_vide = "Donnez une commune."

    def parse(self, champ: Commune, donnees: Donnees, nom: str) -> Lecture:
        texte = donnees.ligne(nom, 200)
        if not texte:
            return Lecture()
        demande = geographie.split_code_postal(texte)[1]
        trouvees = geographie.search_communes(texte)
        choisie = donnees.ligne(f"{nom}-code", 5)
        exactes = [c for c in trouvees if c.code == choisie] or geographie.match_communes(
            texte, trouvees
        )
        if len(exactes) == 1:
            return Lecture(valeur=exactes[0].write(demande))
        erreur = "Plusieurs communes correspondent : choisissez la vôtre."
        if not exactes:
            suite = "Choisissez la vôtre." if trouvees else "Essayez avec le code postal."
            erreur = f"Aucune commune ne s’appelle « {texte[:60]} ». {suite}"
        choix = [[c.code, _write_choix(c)] for c in (exactes or trouvees)[:10]]
        return Lecture(erreur=erreur, brut={"texte": texte, "choix": choix})

    def show(self, champ: Commune, valeur: Json) -> str:
        if not isinstance(valeur, dict):
            return ""
        nom, code_postal = str(valeur.get("nom", "")), str(valeur.get("code_postal", ""))
        return f"{nom} ({code_postal})" if code_postal else nom

    def import_donnee(self, champ: Commune, donnee: Any, jour: date) -> Lecture:
        """Un code Insee reçu d’une source désigne la commune sans ambiguïté."""
        trouvee = geographie.get_commune(donnee) if isinstance(donnee, str) else None
        if trouvee:
            return Lecture(valeur=trouvee.write())
        return super().import_donnee(champ, donnee, jour)

    def list_colonnes(self, champ: Commune) -> tuple[Colonne, ...]:
        return _make_colonnes(champ, ("", ""), ("code", "code Insee"), ("cp", "code postal"))

    def list_cellules(self, champ: Commune, valeur: Json) -> tuple[Valeur, ...]:
        return _read_cles(valeur, ("nom", "code", "code_postal"))

    def make_contexte(self, champ: Commune, valeur: Json, brut: Json, nom: str) -> dict[str, Any]:
        refusee = brut if isinstance(brut, dict) else {}
        texte = refusee.get("texte") or self.edit_texte(champ, valeur)
        return {"texte": texte, "choix": refusee.get("choix", [])}


def _write_choix(commune: geographie.CommuneTrouvee) -> str:
    postaux = ", ".join(commune.codes_postaux[:3])
    return f"{commune.nom} ({postaux or commune.departement})"


class _TypeTerritoire(_TypeLieu[L], ABC):
    """Choix dans une liste officielle courte, montrée en liste déroulante."""

    gabarit = "formulaires_types/territoire.html"

    @abstractmethod
    def list_territoires(self) -> Sequence[geographie.Territoire]:
        """Rend la liste officielle, dans l’ordre où elle est montrée."""

    def find(self, cherche: str) -> geographie.Territoire | None:
        plat = geographie.normalize_nom(cherche)
        for territoire in self.list_territoires():
            if territoire.code == cherche or geographie.normalize_nom(territoire.nom) == plat:
                return territoire
        return None

    def parse(self, champ: L, donnees: Donnees, nom: str) -> Lecture:
        code = donnees.ligne(nom, 100)
        if not code:
            return Lecture()
        territoire = self.find(code)
        if territoire is None:
            return Lecture(erreur="Choisissez une réponse de la liste.")
        return Lecture(valeur=self.write(territoire))

    def write(self, territoire: geographie.Territoire) -> dict[str, str]:
        return {"code": territoire.code, "nom": territoire.nom}

    def list_colonnes(self, champ: L) -> tuple[Colonne, ...]:
        return _make_colonnes(champ, ("", ""), ("code", "code"))

    def list_cellules(self, champ: L, valeur: Json) -> tuple[Valeur, ...]:
        return _read_cles(valeur, ("nom", "code"))

    def make_contexte(self, champ: L, valeur: Json, brut: Json, nom: str) -> dict[str, Any]:
        code = valeur.get("code") if isinstance(valeur, dict) else None
        return {
            "options": [(t.code, self.label(t), t.code == code) for t in self.list_territoires()]
        }

    def label(self, territoire: geographie.Territoire) -> str:
        return territoire.nom


class TypeDepartement(_TypeTerritoire[Departement]):
    code = "departement"
    nom = "Département"
    message_vide = "Choisissez un département."

    def list_territoires(self) -> Sequence[geographie.Territoire]:
        return geographie.list_departements()

    def write(self, territoire: geographie.Territoire) -> dict[str, str]:
        lieux = {"departement": territoire.code, "region": territoire.region}
        return super().write(territoire) | lieux

    def label(self, territoire: geographie.Territoire) -> str:
        return f"{territoire.code} - {territoire.nom}"

    def serialize(self, champ: Departement, valeur: Json) -> str:
        if not isinstance(valeur, dict):
            return ""
        return f"{valeur.get('code', '')} - {valeur.get('nom', '')}"


class TypePays(_TypeTerritoire[Pays]):
    code = "pays"
    nom = "Pays"
    message_vide = "Choisissez un pays."

    def list_territoires(self) -> Sequence[geographie.Territoire]:
        return geographie.list_pays()


def _make_colonnes(champ: ChampSaisi, *parts: tuple[str, str]) -> tuple[Colonne, ...]:
    return tuple(
        Colonne(
            code=f"{champ.id}.{cle}" if cle else champ.id,
            libelle=f"{champ.libelle} : {nom}" if nom else champ.libelle,
            nature=Nature.TEXTE,
        )
        for cle, nom in parts
    )


def _read_cles(valeur: Json, cles: Sequence[str]) -> tuple[Valeur, ...]:
    if not isinstance(valeur, dict):
        return (None,) * len(cles)
    return tuple(str(valeur.get(cle, "")) or None for cle in cles)


class TypeAdresse(_TypeLieu[Adresse]):
    """Adresse postale. La commune est rapprochée du référentiel quand le code postal le permet ;
    une adresse Cedex ou récente reste admise telle quelle."""

    code = "adresse"
    nom = "Adresse"
    gabarit = "formulaires_types/adresse.html"
    groupe = True
    duree = 60
    message_vide = "Donnez une adresse."
    cle_code = "code_commune"
    _lignes = (("voie", 200), ("complement", 200), ("code_postal", 12), ("commune", 100))

    def parse(self, champ: Adresse, donnees: Donnees, nom: str) -> Lecture:
        saisie = {cle: donnees.ligne(f"{nom}-{cle}", taille) for cle, taille in self._lignes}
        if not any(saisie.values()):
            return Lecture()
        pays = donnees.ligne(f"{nom}-pays", 100) if champ.etranger else ""
        etranger = TypePays().find(pays) if pays not in ("", "FR") else None
        adresse = saisie | {"pays": "FR", "nom_pays": ""}
        if etranger:
            adresse |= {"pays": etranger.code, "nom_pays": etranger.nom}
        erreur = _refuse_adresse(adresse)
        if erreur:
            return Lecture(erreur=erreur, brut=adresse)
        return Lecture(valeur=adresse | ({} if etranger else _locate(adresse)))

    def check(self, champ: Adresse, valeur: Json, jour: date) -> str:
        if not isinstance(valeur, dict) or not all(isinstance(v, str) for v in valeur.values()):
            return _ILLISIBLE
        if not champ.etranger and valeur.get("pays", "FR") != "FR":
            return "Donnez une adresse en France."
        trop_longue = any(len(valeur.get(cle, "")) > taille for cle, taille in self._lignes)
        return "Cette adresse est trop longue." if trop_longue else _refuse_adresse(valeur)

    def show(self, champ: Adresse, valeur: Json) -> str:
        if not isinstance(valeur, dict):
            return ""
        ville = f"{valeur.get('code_postal', '')} {valeur.get('commune', '')}".strip()
        morceaux = (valeur.get("voie"), valeur.get("complement"), ville, valeur.get("nom_pays"))
        return ", ".join(str(morceau) for morceau in morceaux if morceau)

    def list_colonnes(self, champ: Adresse) -> tuple[Colonne, ...]:
        return _make_colonnes(
            champ, ("", ""), ("voie", "voie"), ("cp", "code postal"), ("commune", "commune"),
            ("code_commune", "code Insee"),
        )  # fmt: skip

    def list_cellules(self, champ: Adresse, valeur: Json) -> tuple[Valeur, ...]:
        parties = _read_cles(valeur, ("voie", "code_postal", "commune", "code_commune"))
        return (self.show(champ, valeur) or None, *parties)

    def export_schema(self, champ: Adresse) -> dict[str, Any]:
        lignes: dict[str, Any] = {
            cle: {"type": "string", "maxLength": taille} for cle, taille in self._lignes
        }
        autres = ("code_commune", "departement", "region", "pays", "nom_pays")
        proprietes = lignes | {cle: {"type": "string"} for cle in autres}
        return {"type": "object", "properties": proprietes, "required": ["voie", "commune"]}

    def make_contexte(self, champ: Adresse, valeur: Json, brut: Json, nom: str) -> dict[str, Any]:
        source = brut if isinstance(brut, dict) else valeur if isinstance(valeur, dict) else {}
        pays = []
        if champ.etranger:
            code = source.get("pays") or "FR"
            pays = [(t.code, t.nom, t.code == code) for t in geographie.list_pays()]
        return {
            "adresse": {cle: source.get(cle, "") for cle, _ in self._lignes},
            "defauts": list_defauts_adresse(source) if source is brut else {},
            "pays": pays,
        }


def list_defauts_adresse(adresse: Mapping[str, str]) -> dict[str, str]:
    """Rend ligne de l’adresse → ce qui ne va pas, dans l’ordre de lecture."""
    defauts = {}
    if not adresse.get("voie") and not adresse.get("complement"):
        defauts["voie"] = "Il manque le numéro et la voie."
    code_postal = adresse.get("code_postal", "")
    francais = len(code_postal) == 5 and code_postal.isascii() and code_postal.isdigit()
    if adresse.get("pays", "FR") == "FR" and not francais:
        defauts["code_postal"] = "Le code postal a 5 chiffres, par exemple 92140."
    if not adresse.get("commune"):
        defauts["commune"] = "Il manque la commune."
    return defauts


def _refuse_adresse(adresse: Mapping[str, str]) -> str:
    return " ".join(list_defauts_adresse(adresse).values())


def _locate(adresse: dict[str, str]) -> dict[str, str]:
    """Rend le code Insee, le département et la région ; à défaut, le département du code postal."""
    texte = f"{adresse['commune']} {adresse['code_postal']}"
    exactes = geographie.match_communes(texte, geographie.search_communes(texte))
    if len(exactes) == 1:
        trouvee = exactes[0]
        lieux = {"code_commune": trouvee.code, "departement": trouvee.departement}
        return lieux | {"commune": trouvee.nom, "region": trouvee.region}
    departement = guess_departement(adresse["code_postal"])
    regions = {d.code: d.region for d in geographie.list_departements()}
    return {
        "code_commune": "",
        "departement": departement if departement in regions else "",
        "region": regions.get(departement, ""),
    }


def guess_departement(code_postal: str) -> str:
    """Rend le département d’un code postal ; la Corse se partage à 20200."""
    if code_postal.startswith("20"):
        return "2A" if code_postal < "20200" else "2B"
    return code_postal[: 3 if code_postal.startswith(("97", "98")) else 2]

"""Ce qu’un tableur ouvre sans surprise, et un tableau d’ailleurs lu sans lui faire confiance."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms

from socle.fondations.commun.errors import ErreurMetier
from socle.normes.scdl.classeurs import is_classeur, open_classeur
from socle.normes.scdl.errors import FichierInutilisable

FORMULE = re.compile(r"^\s*[=+\-@\t\r]")
MARQUE = b"\xef\xbb\xbf"
MORCEAU = 16_384  # signes écrits d’un coup
OCTETS_MAX = 1 << 20  # d’une liste à importer


def neutralize(valeur: Any) -> Any:
    """Désamorce un texte qu’un tableur prendrait pour une formule (OWASP, CSV injection).

    Les nombres restent des nombres ; un texte qui commence par = + - @ reçoit une apostrophe.
    """
    return f"'{valeur}" if isinstance(valeur, str) and FORMULE.match(valeur) else valeur


def iter_csv(lignes: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rend le CSV par morceaux : UTF-8 avec marque et point-virgule, comme l’attend un tableur."""
    yield MARQUE
    morceau: list[str] = []
    signes = 0
    for ligne in iter_lignes_csv(lignes):
        morceau.append(ligne)
        signes += len(ligne)
        if signes > MORCEAU:
            yield "".join(morceau).encode()
            morceau, signes = [], 0
    yield "".join(morceau).encode()


def iter_lignes_csv(lignes: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Écrit chaque ligne d’un CSV, sa fin comprise, formules désamorcées."""
    ecriture: Any = csv.writer(_Rendu(), delimiter=";", lineterminator="\r\n")
    for ligne in lignes:
        yield ecriture.writerow(
            [  # ce que fait `neutralize`, sans l’appeler pour une lettre ou pour rien
                valeur if not valeur or (isinstance(valeur, str) and valeur[0].isalnum())
                else neutralize(valeur)
                for valeur in ligne
            ]
        )  # fmt: skip


class _Rendu:
    """Un fichier qui rend ce qu’on y écrit : `csv` le rend à son tour."""

    def write(self, texte: str) -> str:
        return texte


class FichierRefuse(ErreurMetier):
    """Un fichier reçu a des fautes ; rien n’en est gardé.

    Attributes:
        fautes: une phrase par faute, avec sa ligne.
    """

    message = "Ce fichier a des fautes : rien n’a été importé."
    suite = "Corrigez-les, puis envoyez-le de nouveau."

    def __init__(self, fautes: Sequence[str]) -> None:
        self.fautes = list(fautes)
        super().__init__()


class ListeForm(forms.Form):
    """Une liste à importer, bornée ; qui en hérite dit les types et les colonnes attendus."""

    fichier = forms.FileField()

    def clean_fichier(self) -> bytes:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > OCTETS_MAX:
            raise forms.ValidationError("Ce fichier dépasse 1 Mo. Coupez-le en plusieurs.")
        contenu: bytes = fichier.read(OCTETS_MAX + 1)
        return contenu


def read_tableau(
    contenu: bytes, *, connues: Sequence[str], obligatoires: Sequence[str], lignes_max: int
) -> list[tuple[int, dict[str, str]]]:
    """Comme `read_csv`, pour un CSV ou la première feuille d’un classeur XLSX ou ODS.

    Raises:
        FichierRefuse: comme `read_csv` ; classeur abîmé ou démesuré.
    """
    flux = io.BytesIO(contenu)
    if not is_classeur(flux):
        return read_csv(contenu, connues=connues, obligatoires=obligatoires, lignes_max=lignes_max)
    try:
        rangs = open_classeur(flux)[1]
        colonnes = [nom.strip() for nom in next(rangs, [])]
        _check_colonnes(colonnes, connues, obligatoires)
        lignes = list(_iter_rangs(rangs, colonnes, lignes_max))
    except FichierInutilisable as cause:
        raise FichierRefuse([cause.message]) from cause
    if not lignes:
        raise FichierRefuse(["Ce fichier n’a aucune ligne."])
    return lignes


def read_csv(
    contenu: bytes, *, connues: Sequence[str], obligatoires: Sequence[str], lignes_max: int
) -> list[tuple[int, dict[str, str]]]:
    """Lit un CSV d’ailleurs, virgules ou points-virgules : (numéro de ligne, colonne → texte).

    La taille est à borner avant. L’apostrophe que nos exports mettent devant une formule est ôtée.

    Raises:
        FichierRefuse: pas du texte UTF-8, colonne inconnue ou absente, trop de lignes, vide.
    """
    texte = decode_texte(contenu)
    entete = texte.split("\n", 1)[0]
    separateur = ";" if entete.count(";") >= entete.count(",") else ","
    try:
        lecture = csv.DictReader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
        colonnes = [nom.strip() for nom in lecture.fieldnames or []]
        _check_colonnes(colonnes, connues, obligatoires)
        lecture.fieldnames = colonnes
        lignes = list(_iter_lignes(lecture, lignes_max))
    except csv.Error as cause:
        raise FichierRefuse(["Ce fichier n’est pas un CSV lisible (guillemets ?)."]) from cause
    if not lignes:
        raise FichierRefuse(["Ce fichier n’a aucune ligne."])
    return lignes


def decode_texte(contenu: bytes) -> str:
    """Rend le texte d’un fichier reçu.

    Raises:
        FichierRefuse: pas de l’UTF-8, ou un caractère nul.
    """
    try:
        texte = contenu.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise FichierRefuse(
            ["Ce fichier n’est pas en UTF-8 : enregistrez-le ainsi depuis votre tableur."]
        ) from cause
    if "\x00" in texte:
        raise FichierRefuse(["Ce fichier n’est pas du texte."])
    return texte


def _iter_lignes(
    lecture: "csv.DictReader[str]", lignes_max: int
) -> Iterator[tuple[int, dict[str, str]]]:
    for nombre, ligne in enumerate(lecture, 1):
        if nombre > lignes_max:
            raise FichierRefuse([f"Le fichier a plus de {lignes_max} lignes : coupez-le."])
        if None in ligne:
            raise FichierRefuse([f"Ligne {lecture.line_num} : trop de colonnes."])
        if any(ligne.values()):
            yield lecture.line_num, {nom: _free(valeur or "") for nom, valeur in ligne.items()}


def _iter_rangs(
    rangs: Iterable[list[str]], colonnes: Sequence[str], lignes_max: int
) -> Iterator[tuple[int, dict[str, str]]]:
    for numero, rang in enumerate(rangs, 2):
        if numero > lignes_max + 1:
            raise FichierRefuse([f"Le fichier a plus de {lignes_max} lignes : coupez-le."])
        if len(rang) > len(colonnes):
            raise FichierRefuse([f"Ligne {numero} : trop de colonnes."])
        if any(rang):
            yield numero, dict(zip(colonnes, map(_free, rang), strict=False))


def _check_colonnes(
    colonnes: Sequence[str], connues: Sequence[str], obligatoires: Sequence[str]
) -> None:
    fautes = [f"La colonne « {nom} » manque." for nom in obligatoires if nom not in colonnes]
    fautes += [
        f"La colonne « {nom[:40]} » n’est pas connue."
        for nom in colonnes[:40]
        if nom not in connues
    ]
    if len(set(colonnes)) != len(colonnes):
        fautes.append("Une colonne est là deux fois.")
    if fautes:
        raise FichierRefuse(fautes)


def _free(valeur: str) -> str:
    return valeur[1:] if valeur[:1] == "'" and FORMULE.match(valeur[1:]) else valeur

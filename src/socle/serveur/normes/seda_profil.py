"""Verbe `profil` : un profil Relax NG se vérifie ; un profil abstrait se compile et s’éprouve."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from socle.normes.seda.controles import Attentes, Limites, check_sip
from socle.normes.seda.controles.profil_rng import Profil, ProfilRefuse, load_profil
from socle.normes.seda.emplacement import Schematheque
from socle.normes.seda.profils.compilation import build_profil_rng
from socle.normes.seda.profils.documentation import build_html
from socle.normes.seda.profils.exemples import build_exemple, iter_mutants
from socle.normes.seda.profils.modele import ProfilAbstrait, ProfilInvalide, read_profil
from socle.normes.seda.profils.pua import build_pua, find_unites
from socle.normes.seda.profils.vitam import check_exigences
from socle.serveur.normes.ports import Avance, Inutilisable, Resultat

OCTETS_MAX = 16 << 20
OK, WARNING, KO = "OK", "WARNING", "KO"
Evenement = dict[str, str]


def run(options: Any, avance: Avance) -> Resultat:
    """Vérifie le profil ; écrit ce qu’il produit si un dossier est donné."""
    with options.fichier.open("rb") as flux:
        octets = flux.read(OCTETS_MAX + 1)
    if octets.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _check_rng(octets, options.fichier)
    try:
        profil = read_profil(octets)
    except ProfilInvalide as refus:
        if refus.fautes[0][0] == "fichier":
            raise Inutilisable(str(refus), code="profil") from refus
        fautes = [_evenement("PROFIL.INVALIDE", KO, m, lieu) for lieu, m in refus.fautes]
        return _build_resultat(options.fichier, fautes, ["Profil à corriger."])
    return _compile(profil, options.fichier, options.sortie, avance)


def _check_rng(octets: bytes, fichier: Path) -> Resultat:
    try:
        profil = load_profil(octets)
    except ProfilRefuse as refus:
        evenement = _evenement("PROFIL.RNG", KO, str(refus), "")
        return _build_resultat(fichier, [evenement], ["Ce profil ne peut pas servir."])
    version = profil.version
    evenements = [_evenement("PROFIL.RNG", OK, f"Grammaire lisible, SEDA {version or '?'}.", "")]
    evenements += [
        _evenement("PROFIL.VITAM", WARNING, phrase, "") for phrase in check_exigences(profil.racine)
    ]
    return _build_resultat(fichier, evenements, [f"Profil Relax NG pour SEDA {version or '?'}."])


def _compile(
    profil: ProfilAbstrait, fichier: Path, sortie: Path | None, avance: Avance
) -> Resultat:
    evenements: list[Evenement] = []
    produits: dict[str, bytes] = {"documentation.html": build_html(profil).encode()}
    for rang, unite in enumerate(find_unites(profil), start=1):
        produits[f"pua-{rang}.json"] = build_pua(profil, unite).encode()
    for version in profil.versions:
        avance(f"SEDA {version}…")
        rng = build_profil_rng(profil, version).encode()
        exemple = build_exemple(profil, version)
        produits |= {f"profil-{version}.rng": rng, f"exemple-{version}.zip": exemple}
        grammaire = load_profil(rng)
        evenements.append(
            _evenement(f"PROFIL.RNG_{version}", OK, f"SEDA {version} : Relax NG écrit et relu.", "")
        )
        if version == profil.versions[-1]:
            evenements += [
                _evenement("PROFIL.VITAM", WARNING, phrase, "")
                for phrase in check_exigences(grammaire.racine)
            ]
        evenements += _check_exemple(version, exemple, grammaire)
        evenements += _check_mutants(profil, version, grammaire, produits)
    if sortie is not None:
        _write(sortie, produits)
    phrases = [f"Profil « {profil.nom} » : {len(produits)} fichiers"]
    phrases[0] += f" écrits dans {sortie}." if sortie else " ; --sortie DOSSIER les écrit."
    return _build_resultat(fichier, evenements, phrases)


def _check_exemple(version: str, exemple: bytes, grammaire: Profil) -> Iterator[Evenement]:
    """Le paquet d’exemple passe tous les contrôles, et suit le profil."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as fichier:
        fichier.write(exemple)
        fichier.flush()
        rapport = check_sip(
            Path(fichier.name),
            schemas=Schematheque(),
            attentes=Attentes(),
            profil=grammaire,
            limites=Limites(),
        )
    defauts = list(rapport.iter_defauts())
    for defaut in defauts:
        yield _evenement(
            f"PROFIL.EXEMPLE_{version}", defaut.statut.value, defaut.message, defaut.lieu
        )
    if not defauts:
        yield _evenement(
            f"PROFIL.EXEMPLE_{version}",
            OK,
            f"SEDA {version} : le paquet d’exemple est accepté.",
            "",
        )


def _check_mutants(
    profil: ProfilAbstrait, version: str, grammaire: Profil, produits: dict[str, bytes]
) -> Iterator[Evenement]:
    """Chaque bordereau fautif est refusé ; celui qui passe montre une règle sans effet."""
    nombre, acceptes = 0, 0
    for mutant in iter_mutants(profil, version):
        nombre += 1
        produits[f"mutants-{version}/{mutant.nom}"] = mutant.xml
        if next(grammaire.check(io.BytesIO(mutant.xml)), None) is None:
            acceptes += 1
            message = f"{mutant.faute} Le profil l’accepte : la règle est sans effet."
            yield _evenement(f"PROFIL.MUTANT_{version}", WARNING, message, mutant.nom)
    if not acceptes:
        message = f"SEDA {version} : {nombre} bordereaux fautifs, tous refusés."
        yield _evenement(f"PROFIL.MUTANT_{version}", OK, message, "")


def _write(sortie: Path, produits: dict[str, bytes]) -> None:
    for nom, octets in produits.items():
        chemin = sortie / nom
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes(octets)


def _build_resultat(fichier: Path, evenements: list[Evenement], phrases: list[str]) -> Resultat:
    valide = all(e["statut"] != KO for e in evenements)
    return Resultat(
        objet={
            "norme": "seda",
            "fichier": fichier.name,
            "valide": valide,
            "evenements": evenements,
        },
        valide=valide,
        phrases=[*phrases, *(e["message"] for e in evenements if e["statut"] == OK)],
        fautes=[_to_faute(e) for e in evenements if e["statut"] == KO],
        notes=[_to_faute(e) for e in evenements if e["statut"] == WARNING],
    )


def _evenement(code: str, statut: str, message: str, lieu: str) -> Evenement:
    return {"code": code, "statut": statut, "message": message, "lieu": lieu}


def _to_faute(evenement: Evenement) -> tuple[str, str, str]:
    return evenement["lieu"] or "Profil", evenement["code"], evenement["message"]

"""Juge d’un autre environnement : pymerkle refait nos arbres, sigstore lit nos points.

Lancé par `test_interoperabilite.py` avec le Python où ils sont installés ; n’importe rien d’ici.
"""

import base64
import json
import sys
from types import SimpleNamespace

from pymerkle import InmemoryTree
from pymerkle.proof import verify_consistency, verify_inclusion
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint, verify_checkpoint
from sigstore._internal.trust import Keyring
from sigstore.errors import VerificationError
from sigstore_models.common import v1 as commun


def judge(cas: dict) -> list[str]:
    """Écarts trouvés, une phrase chacun."""
    ecarts = []
    arbre = InmemoryTree(algorithm="sha256")
    for entree in cas["entrees"]:
        arbre.append_entry(bytes.fromhex(entree))
    for taille, racine in cas["racines"]:
        if arbre.get_root(taille).hex() != racine:
            ecarts.append(f"racine de {taille}")
    for preuve in cas["inclusions"]:
        ecarts += judge_inclusion(arbre, preuve)
    for preuve in cas["coherences"]:
        ecarts += judge_coherence(arbre, preuve)
    for point in cas["points"]:
        ecarts += judge_point(point)
    return ecarts


def judge_inclusion(arbre: InmemoryTree, preuve: dict) -> list[str]:
    rang, taille = preuve["indice"] + 1, preuve["taille"]
    la_leur = arbre.prove_inclusion(rang, taille)
    feuille, *chemin = [pas.hex() for pas in la_leur.path]
    verify_inclusion(bytes.fromhex(feuille), bytes.fromhex(preuve["racine"]), la_leur)
    return [] if chemin == preuve["chemin"] else [f"inclusion de {rang} dans {taille}"]


def judge_coherence(arbre: InmemoryTree, preuve: dict) -> list[str]:
    """Chaque empreinte de notre preuve est celle que pymerkle calcule pour les mêmes entrées.

    pymerkle écrit ses preuves de cohérence autrement que la RFC : la sienne est aussi vérifiée
    avec nos deux racines.
    """
    avant, apres = preuve["ancienne"], preuve["taille"]
    la_leur = arbre.prove_consistency(avant, apres)
    verify_consistency(*(bytes.fromhex(preuve[nom]) for nom in ("avant", "apres")), la_leur)
    leurs = [arbre._get_root(*plage).hex() for plage in preuve["plages"]]
    return [] if leurs == preuve["chemin"] else [f"cohérence de {avant} à {apres}"]


def judge_point(point: dict) -> list[str]:
    """Le lecteur de sigstore rend nos trois lignes et vérifie la signature et l’inclusion."""
    lu = SignedCheckpoint.from_text(point["note"]).checkpoint
    attendu = (point["origine"], point["taille"], point["racine"], [])
    if (lu.origin, lu.log_size, lu.log_hash, lu.other_content) != attendu:
        return [f"point lu autrement : {lu}"]
    inclusion = SimpleNamespace(
        checkpoint=SimpleNamespace(envelope=point["note"]),
        root_hash=bytes.fromhex(point["racine"]),
        log_index=point["indice"],
        tree_size=point["taille"],
        hashes=[bytes.fromhex(pas) for pas in point["chemin"]],
    )
    interieur = SimpleNamespace(
        inclusion_proof=inclusion,
        canonicalized_body=bytes.fromhex(point["entree"]),
        log_id=SimpleNamespace(key_id=bytes.fromhex(point["identifiant"])),
    )
    entree = SimpleNamespace(_inner=interieur)
    cle = SimpleNamespace(
        raw_bytes=base64.b64decode(point["cle_der"]),
        key_details=commun.PublicKeyDetails.PKIX_ED25519,
    )
    ecarts = []
    for verifie in (lambda: verify_checkpoint(Keyring([cle]), entree),
                    lambda: verify_merkle_inclusion(entree)):  # fmt: skip
        try:
            verifie()
        except VerificationError as refus:
            ecarts.append(str(refus))
    return ecarts


if __name__ == "__main__":
    sys.stdout.write(json.dumps(judge(json.load(sys.stdin))))

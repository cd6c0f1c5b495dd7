"""Un gros versement reste rapide et léger : l’accident classique est une boucle quadratique."""

import io
import time
import tracemalloc

import pytest

from socle.normes.seda.controles import check_sip
from socle.normes.seda.modele import Contenu, GroupeObjets, ObjetBinaire, Unite
from tests.normes.seda.fabrique import build_transfert, write_paquet

NOMBRE = 10_000


def build_gros_transfert(nombre: int):
    def ouvrir_de(rang: int):
        return lambda: io.BytesIO(b"%d" % rang)

    return build_transfert(
        groupes=(
            GroupeObjets(
                identifiant=f"G{rang}",
                objets=(
                    ObjetBinaire(identifiant=f"O{rang}", nom=f"{rang}.txt", ouvrir=ouvrir_de(rang)),
                ),
            )
            for rang in range(nombre)
        ),
        unites=(
            Unite(identifiant=f"U{rang}", contenu=Contenu(titre=f"Pièce {rang}"), groupe=f"G{rang}")
            for rang in range(nombre)
        ),
    )


@pytest.mark.lent
@pytest.mark.timeout(400)
def test_ten_thousand_pieces_are_written_and_checked_in_linear_time(tmp_path, schema):
    chemin = tmp_path / "gros.zip"
    depart = time.process_time()

    sip = write_paquet(chemin, build_gros_transfert(NOMBRE))
    ecrit = time.process_time()
    rapport = check_sip(chemin, schema=schema)
    controle = time.process_time()

    assert (sip.nombre_objets, rapport.nombre_objets) == (NOMBRE, NOMBRE)
    assert rapport.statut == "OK"
    assert ecrit - depart < 20  # environ 3 s de processeur
    assert controle - ecrit < 20  # environ 3 s de processeur


@pytest.mark.lent
def test_memory_of_the_controle_does_not_hold_the_bordereau(tmp_path):
    chemin = tmp_path / "gros.zip"
    write_paquet(chemin, build_gros_transfert(1_000))
    check_sip(chemin)  # premiers imports

    tracemalloc.start()
    check_sip(chemin)
    _, pic = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert pic < 8 << 20

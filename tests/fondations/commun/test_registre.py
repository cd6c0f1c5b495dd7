"""Un registre : un nom, une implémentation."""

import pytest

from socle.fondations.commun.registre import Registre


def test_registre_refuses_a_second_implementation_of_a_code():
    envois: Registre[str] = Registre("envois")
    envois.register("poste", "première")
    envois.register("ami", "autre")

    with pytest.raises(ValueError, match="« poste » existe déjà dans le registre « envois »"):
        envois.register("poste", "seconde")

    assert (envois["poste"], list(envois), len(envois)) == ("première", ["ami", "poste"], 2)
    assert (envois.get("absent"), "absent" in envois) == (None, False)

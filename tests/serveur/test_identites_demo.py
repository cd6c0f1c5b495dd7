"""Les identités que la démonstration annonce sont celles du simulateur, avec tous leurs rôles."""

from socle.serveur.demo.etapes import list_identites
from socle.serveur.demo.personnes import AGENTS, PROGRAMME, TITRES

RACINES = {
    "administrateur": "administrat",
    "dpo": "DPO",
    "instructeur": "instruct",
    "valideur": "valideu",
    "archiviste": "archiviste",
}


def test_announce_names_each_person_and_role():
    lignes = list_identites()

    assert "  Lucie BERTIN : administratrice et DPO" in lignes
    assert "  Nadia Soumaya BELKACEM : parent seul, deux enfants, petit revenu" in lignes
    agents = sum(map(len, AGENTS.values())) + len(PROGRAMME)
    assert sum(" : " in ligne for ligne in lignes) == 4 + agents + 1  # et l’éditrice


def test_titles_tell_every_role():
    oublis = [
        (code, role)
        for agents in AGENTS.values()
        for code, roles in agents.items()
        for role in roles
        if RACINES[role] not in TITRES[code]
    ]
    assert oublis == []

"""Agents fictifs des deux collectivités de la démonstration, et cas à refuser."""

from dataclasses import dataclass

from socle.simulateurs.configuration import Configuration

FI_COLLECTIVITES = "00000000-0000-4000-8000-0000000000c1"
FI_AUTRE = "00000000-0000-4000-8000-0000000000c2"
AGENT_PUBLIC = ("agent_public", "agent_public_territorial")


@dataclass(frozen=True)
class Agent:
    """Identité d’un agent, telle que la déclare son fournisseur d’identité.

    Attributes:
        organisation: « commune », « epci » (SIRET lus dans la configuration) ou un SIRET.
        acr, amr: niveau de garantie et moyens réellement employés.
        roles: vide pour le secteur privé.
    """

    code: str
    prenom: str
    nom: str
    courriel: str
    organisation: str
    fonction: str
    trait: str
    acr: str = "eidas1-mfa"
    amr: tuple[str, ...] = ("pwd", "otp", "mfa")
    roles: tuple[str, ...] = AGENT_PUBLIC
    libelle: str = ""
    fi: str = FI_COLLECTIVITES

    @property
    def public(self) -> bool:
        return bool(self.roles)

    def get_siret(self, configuration: Configuration) -> str:
        return configuration.organisations.get(self.organisation, {}).get(
            "siret", self.organisation
        )

    def get_organisation(self, configuration: Configuration) -> str:
        return configuration.organisations.get(self.organisation, {}).get("nom", self.libelle)


AGENTS_COMMUNE = (
    Agent(
        "instructrice",
        "Sophie",
        "MARCHAND",
        "sophie.marchand@clamart.example",
        "commune",
        "Instructrice, service Éducation",
        "Instruit les demandes",
    ),
    Agent(
        "valideur",
        "Karim",
        "HADDAD",
        "karim.haddad@clamart.example",
        "commune",
        "Directeur de l’Éducation",
        "Valide les décisions",
    ),
    Agent(
        "archiviste",
        "Jeanne",
        "PICARD",
        "jeanne.picard@clamart.example",
        "commune",
        "Archiviste",
        "Verse aux archives",
    ),
    Agent(
        "administratrice",
        "Lucie",
        "BERTIN",
        "lucie.bertin@clamart.example",
        "commune",
        "Responsable du numérique",
        "Administratrice et DPO",
        acr="eidas2",
    ),
    Agent(
        "instructrice_autre_fi",
        "Sophie",
        "MARCHAND",
        "sophie.marchand@clamart.example",
        "commune",
        "Instructrice, service Éducation",
        "Même courriel, autre fournisseur d’identité",
        fi=FI_AUTRE,
    ),
)
AGENTS_EPCI = (
    Agent(
        "instructeur_epci",
        "Marc",
        "TESSIER",
        "marc.tessier@epci.example",
        "epci",
        "Instructeur, service Habitat",
        "Administre la collectivité et instruit les demandes",
    ),
    Agent(
        "valideuse_epci",
        "Inès",
        "CARON",
        "ines.caron@epci.example",
        "epci",
        "Directrice de l’Habitat",
        "Valide les décisions et verse aux archives",
    ),
)
AGENTS_PROGRAMME = (
    Agent(
        "equipe",
        "Claire",
        "DELMAS",
        "claire.delmas@programme.example",
        "00001300300017",
        "Cheffe de programme",
        "Anime le programme commun",
        roles=("agent_public", "agent_public_etat"),
        libelle="Direction du numérique de démonstration",
    ),
    Agent(
        "etat",
        "Thomas",
        "ROUSSEL",
        "thomas.roussel@ministere.example",
        "00001400100010",
        "Chef de bureau",
        "Siège au collège de l’État",
        roles=("agent_public", "agent_public_etat"),
        libelle="Ministère de démonstration",
    ),
    Agent(
        "association",
        "Hélène",
        "MAURY",
        "helene.maury@elus.example",
        "00001500800014",
        "Chargée de mission numérique",
        "Siège au collège des collectivités",
        libelle="Association d’élus de démonstration",
    ),
)
AGENTS_A_REFUSER = (
    Agent(
        "sans_mfa",
        "Paul",
        "GUERIN",
        "paul.guerin@clamart.example",
        "commune",
        "Agent d’accueil",
        "Sans double authentification",
        acr="eidas1",
        amr=("pwd",),
    ),
    Agent(
        "secteur_prive",
        "Élodie",
        "VASSEUR",
        "elodie.vasseur@editeur.example",
        "00000123000010",
        "Consultante",
        "Salariée du privé",
        roles=(),
        libelle="Éditeur fictif SAS",
        fi=FI_AUTRE,
    ),
    Agent(
        "autre_siret",
        "Hugo",
        "RENAUD",
        "hugo.renaud@ailleurs.example",
        "00004242400010",
        "Instructeur",
        "Agent d’une autre collectivité",
        libelle="Commune d’Ailleurs",
    ),
)
AGENTS = {
    agent.code: agent for agent in (
        *AGENTS_COMMUNE, *AGENTS_EPCI, *AGENTS_PROGRAMME, *AGENTS_A_REFUSER
    )
}  # fmt: skip

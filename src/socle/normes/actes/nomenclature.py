"""Nomenclature nationale des matières (deux niveaux) et types de pièces en usage.

Les niveaux 3 à 5 sont propres à chaque préfecture : ils ne viennent que de sa classification, lue
par `classification`. Les types de pièces sont ceux de la classification du 8 décembre 2017 ; tant
que l’appelant n’a pas donné celle de sa préfecture, ils servent de repère, jamais de refus.
"""

VERSION_DES_PIECES = "2017-12-08"

MATIERES: dict[str, str] = {
    code: libelle
    for code, _, libelle in (
        ligne.partition(" ")
        for ligne in """\
1 Commande publique
1.1 Marchés publics
1.2 Délégation de service public
1.3 Conventions de mandat
1.4 Autres types de contrats
1.5 Transactions / protocole d’accord transactionnel
1.6 Actes relatifs à la maîtrise d’œuvre
1.7 Actes spéciaux et divers
2 Urbanisme
2.1 Documents d’urbanisme
2.2 Actes relatifs au droit d’occupation ou d’utilisation des sols
2.3 Droit de préemption urbain
3 Domaine et patrimoine
3.1 Acquisitions
3.2 Aliénations
3.3 Locations
3.4 Limites territoriales
3.5 Autres actes de gestion du domaine public
3.6 Autres actes de gestion du domaine privé
4 Fonction publique
4.1 Personnel titulaires et stagiaires de la F.P.T.
4.2 Personnel contractuel
4.3 Fonction publique hospitalière
4.4 Autres catégories de personnels
4.5 Régime indemnitaire
5 Institutions et vie politique
5.1 Élection exécutif
5.2 Fonctionnement des assemblées
5.3 Désignation de représentants
5.4 Délégation de fonctions
5.5 Délégation de signature
5.6 Exercice des mandats locaux
5.7 Intercommunalité
5.8 Décision d’ester en justice
6 Libertés publiques et pouvoirs de police
6.1 Police municipale
6.2 Pouvoirs du président du conseil général (départemental)
6.3 Pouvoirs du président du conseil régional
6.4 Autres actes réglementaires
6.5 Actes pris au nom de l’État et soumis au contrôle hiérarchique
7 Finances locales
7.1 Décisions budgétaires
7.2 Fiscalité
7.3 Emprunts
7.4 Interventions économiques
7.5 Subventions
7.6 Contributions budgétaires
7.7 Avances
7.8 Fonds de concours
7.9 Prise de participation (SEM, etc.)
7.10 Divers
8 Domaines de compétences par thèmes
8.1 Enseignement
8.2 Aide sociale
8.3 Voirie
8.4 Aménagement du territoire
8.5 Politique de la ville – habitat – logement
8.6 Emploi – formation professionnelle
8.7 Transports
8.8 Environnement
8.9 Culture
9 Autres domaines de compétences
9.1 Autres domaines de compétences des communes
9.2 Autres domaines de compétences des départements
9.3 Autres domaines de compétences des régions
9.4 Vœux et motions
""".splitlines()
    )
}

# Code → (codes des natures qui l’admettent, libellé).
PIECES: dict[str, tuple[frozenset[int], str]] = {
    code: (frozenset(map(int, natures)), libelle)
    for code, natures, libelle in (
        ligne.split(" ", 2)
        for ligne in """\
10_AV 4 Avenant au contrat
10_DE 4 Délibération autorisant à passer le contrat
11_AC 4 Avis d’appel public à concurrence
11_AE 4 Acte d’engagement
11_AP 4 Cahier des clauses administratives particulières
11_AT 4 Renseignements, attestations et déclarations fournies par l’attributaire
11_AV 4 Avis du jury de concours
11_IN 4 Invitation des candidats à soumissionner
11_JU 4 Rapport justifiant le choix du marché, les modalités et la procédure de passation
11_PV 4 Procès-verbal de la commission d’appel d’offres
11_RA 4 Rapport de la commission d’appel d’offres
11_RC 4 Règlement de consultation
11_RP 4 Rapport de présentation de l’acheteur
11_TP 4 Cahier des clauses techniques particulières
12_AD 4 Avis de délégation
12_CC 4 Cahier des charges
12_CD 4 Contrat de délégation
12_CR 4 Courriers de rejet des offres incomplètes ou irrecevables
12_DA 4 Déclarations et documents justificatifs de l’attributaire
12_DC 4 Documents de consultation
12_IP 4 Invitation à présenter une offre
12_NR 4 Notification du rejet des offres
12_RS 4 Rapport de sélection du délégataire
12_ST 4 Spécifications techniques et fonctionnelles
16_AA 4 Avis d’appel public à concurrence
16_AE 4 Acte d’engagement
16_CA 4 Cahier des clauses administratives particulières
16_CT 4 Cahier des clauses techniques particulières
17_RC 4 Règlement de concours
21_DA 12 Décision arrêtant le projet
21_DB 12 Débat d’orientation du plan d’aménagement et de développement durable
21_DE 12 Délibération de prescription
21_DO 12 Document d’orientation et d’objectif
21_EP 12 Enquête publique
21_PA 12 Projet d’aménagement et de développement durable
21_RP 12 Rapport de présentation
22_AC 3 Accord d’une autorité administrative
22_AG 3 Agrément ou certificat
22_AR 3 Accusé de réception
22_AT 3 Attestation
22_AV 3 Avis
22_CO 3 Convention
22_DD 3 Demande
22_DN 3 Décision
22_DP 3 Document photographique
22_LE 3 Lettre
22_NE 3 Notice explicative
22_PE 3 Présentation des états initiaux et futurs
22_PN 3 Plans
22_RE 3 Rapport d’étude
22_TA 3 Tableau
23_DE 1 Délibération autorisant la mise en œuvre du droit de préemption
23_IA 1 Déclaration d’intention d’aliéner
23_PR 3 Décision de préempter
31_AA 4 Avis de l’autorité compétente de l’État
31_CO 4 Contrat
31_DE 14 Délibération autorisant l’acquisition
31_DP 14 Documents pré-contractuels
32_AA 4 Avis de l’autorité compétente de l’État
32_CV 4 Contrat de vente
32_DC 4 Délibération constatant la désaffectation
32_DE 4 Délibération de déclassement
32_DP 4 Documents pré-contractuels
33_AC 4 Avis de l’autorité compétente de l’État
33_AO 34 Autorisation d’occupation du domaine public
33_CC 4 Contrat de concession
41_AT 3 Attestation
41_AV 3 Avis de vacance d’emploi
41_CA 3 Avis de commission administrative paritaire
41_CM 3 Avis de la commission mixte paritaire
41_DA 3 Demande de l’agent
41_DE 3 Délibération établissant la liste de postes à pourvoir
41_IC 3 Information du centre de gestion
41_IN 3 Inscription sur liste d’aptitude
41_NC 3 Notification de création ou de vacance de poste
41_RA 1 Rapport biennal des avancements d’échelons
42_AC 14 Avenant au contrat
42_AT 4 Attestation
42_AV 4 Avis de vacance d’emploi
42_DE 14 Délibération
43_AC 134 Avenant au contrat
43_AT 3 Attestation
43_AV 3 Avis de vacance d’emploi
43_CA 3 Avis de commission administrative paritaire
43_CM 3 Avis de la commission mixte paritaire
43_DA 3 Demande de l’agent
43_IN 3 Inscription sur liste d’aptitude
43_LI 3 Liste de postes à pourvoir
43_NC 3 Notification de création ou de vacance de poste
70_DE 15 Délibération
99_AI 3 Acte individuel
99_AR 12 Acte réglementaire
99_AU 6 Autre document
99_BU 5 Document budgétaire
99_DC 4 Document contractuel
99_DE 1 Délibération
99_SE 123456 Fichier de signature électronique
""".splitlines()
    )
}

"""Archivage : du dossier clos au versement que reçoit le service d’archives.

Cinq mots : le *versement* est ce qu’on remet aux archives ; son *paquet* (SIP) est un ZIP décrit
par un *bordereau* SEDA 2.2 ; la *règle* de conservation, figée dedans, dit la durée et le sort
final ; les *contrôles* sont ceux que ferait le système d’archivage électronique.

La *réponse* du service d’archives (reçu, accepté, refusé) dit si le dossier pourra quitter Socle à
la fin de sa durée.

Textes : code du patrimoine, art. L. 212-2 à L. 212-4 et R. 212-14 ; NF Z44-022 (SEDA).
Entrées : `services.create_versement`, `services.record_reponse`, signal `versement_pret`, pages
`/agent/archives/`.
"""

"""Les dossiers : de la demande commencée à la décision notifiée.

Mots : dossier (une demande), usager (qui demande), canal (en ligne, guichet, téléphone, courrier),
correction (ce que l’agent demande de refaire), décision (ce qui est répondu), accusé (preuve de la
réception), provenance (d’où vient une réponse que l’usager n’a pas tapée).
Textes : CRPA, art. L. 112-11, R. 112-11-1 (accusés), R. 112-17 à R. 112-20 (notification),
L. 113-12 et L. 114-8 (dites-le-nous une fois), L. 211-2 et L. 212-1 (motivation, mentions).
États et transitions : ceux de Démarches Simplifiées.
Entrées : `services` (depot, instruction, correction), `queries.list_dossiers`, `tasks`.
"""

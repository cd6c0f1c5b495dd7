"""Le journal de preuve : ce qui a été fait, par qui, quand, et que personne ne peut réécrire.

Mots : entrée (une action, dans la transaction qui la fait), lot (les entrées scellées ensemble,
une fois par minute), tête (l’arbre d’une collectivité à la fin d’un lot), sommet (l’arbre de toutes
les têtes, dont la racine est signée), bifurcation (reprise d’une sauvegarde plus ancienne).

Textes : règlement (UE) 910/2014 (eIDAS), art. 41 et 42 (horodatage) ; code civil, art. 1366 (écrit
électronique). Normes : voir `socle.normes.preuve`.

Entrées : `services.record`, `services.record_consultation`, `services.build_preuve`,
`services.seal_journal`, `queries.list_entrees`.
"""

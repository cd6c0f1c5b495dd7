"""Profils d’archivage : un profil abstrait, en JSON, et tout ce qu’on en tire.

Entrées : `modele.read_profil`, `compilation.build_profil_rng`, `pua.build_pua`,
`documentation.build_html`, `exemples.build_exemple`, `exemples.iter_mutants`. Contrôler un
bordereau contre un profil : `controles.profil_rng`.
"""

-- Toutes les collectivités du code officiel géographique, avec leur taille. Rejouable.
DELETE FROM referentiels_autorite;
INSERT INTO referentiels_autorite
  (cle, genre, code, siren, nom, nom_tri, departement, region, epci, population, tranche)
SELECT cle, genre, code, siren, nom, nom_tri, departement, region, epci, population,
  CASE WHEN population < 500 THEN 0 WHEN population < 1000 THEN 500
    WHEN population < 3500 THEN 1000 WHEN population < 10000 THEN 3500
    WHEN population < 50000 THEN 10000 WHEN population < 100000 THEN 50000 ELSE 100000 END
FROM (
  SELECT 'commune-' || code AS cle, 'commune' AS genre, code, siren, nom, nom_tri, departement,
    region, epci, population
  FROM referentiels_commune
  UNION ALL
  SELECT 'epci-' || e.siren, 'epci', e.siren, e.siren, e.nom, e.nom_tri,
    coalesce(m.departement, ''), coalesce(m.region, ''), '', coalesce(e.population, 0)
  FROM referentiels_epci e LEFT JOIN (
    SELECT epci, mode() WITHIN GROUP (ORDER BY departement) AS departement,
      mode() WITHIN GROUP (ORDER BY region) AS region
    FROM referentiels_commune GROUP BY epci
  ) m ON m.epci = e.siren
  UNION ALL
  SELECT d.genre || '-' || d.code, d.genre, d.code, '', d.nom,
    regexp_replace(lower(f_unaccent(d.nom)), '[^a-z0-9]+', ' ', 'g'), d.code, d.region, '', p.total
  FROM (SELECT *, CASE WHEN length(region) = 2 THEN 'departement' ELSE 'com' END AS genre
    FROM referentiels_departement WHERE code NOT IN ('984', '989')) d -- sans habitant
  JOIN (SELECT departement, sum(population) AS total FROM referentiels_commune GROUP BY departement)
    p ON p.departement = d.code
  UNION ALL
  SELECT 'region-' || region, 'region', region, '', max(region_nom),
    regexp_replace(lower(f_unaccent(max(region_nom))), '[^a-z0-9]+', ' ', 'g'), '', region, '',
    (SELECT coalesce(sum(population), 0) FROM referentiels_commune c WHERE c.region = d.region)
  FROM referentiels_departement d WHERE length(region) = 2 GROUP BY region
) autorites;
ANALYZE referentiels_autorite;

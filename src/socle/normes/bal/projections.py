"""Des degrés WGS84 vers la projection légale du territoire, pour comparer `long`/`lat` à `x`/`y`.

Source : arrêté du 5 mars 2019 (systèmes de référence) ; emprises de `@etalab/project-legal`.
Précision : le millimètre, pour une tolérance de dix mètres.
"""

from collections.abc import Callable
from math import asinh, atan2, atanh, cos, cosh, exp, hypot, log, pi, radians, sin, sinh, sqrt

Projection = Callable[[float, float], tuple[float, float]]
_GRS80 = (6_378_137.0, 1 / 298.257222101)
_INTL = (6_378_388.0, 1 / 297.0)


def build_lambert(
    lat_1: float, lat_2: float, lat_0: float, lon_0: float, x_0: float, y_0: float
) -> Projection:
    """Conique conforme de Lambert à deux parallèles, ellipsoïde GRS80."""
    a, f = _GRS80
    e = sqrt(f * (2 - f))

    def isometrique(phi: float) -> float:
        return atanh(sin(phi)) - e * atanh(e * sin(phi))

    def rayon(phi: float) -> float:
        return cos(phi) / sqrt(1 - (e * sin(phi)) ** 2)

    p1, p2, l0 = radians(lat_1), radians(lat_2), radians(lon_0)
    n = log(rayon(p1) / rayon(p2)) / (isometrique(p2) - isometrique(p1))
    c = a * rayon(p1) / n * exp(n * isometrique(p1))
    y_pole = y_0 + c * exp(-n * isometrique(radians(lat_0)))

    def project(long: float, lat: float) -> tuple[float, float]:
        sinus = sin(lat * pi / 180)
        r = c * exp(-n * (atanh(sinus) - e * atanh(e * sinus)))
        theta = n * (long * pi / 180 - l0)
        return x_0 + r * sin(theta), y_pole - r * cos(theta)

    return project


def build_utm(
    zone: int, *, sud: bool = False, ellipsoide: tuple[float, float] = _GRS80
) -> Projection:
    """Mercator transverse universelle, développement de Krüger à l’ordre 4."""
    a, f = ellipsoide
    n = f / (2 - f)
    e = sqrt(f * (2 - f))
    grand_a = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    alphas = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    l0, nord = radians(6 * zone - 183), 10_000_000.0 if sud else 0.0

    def project(long: float, lat: float) -> tuple[float, float]:
        phi, lam = radians(lat), radians(long) - l0
        t = sinh(atanh(sin(phi)) - e * atanh(e * sin(phi)))
        xi, eta = atan2(t, cos(lam)), asinh(sin(lam) / hypot(t, cos(lam)))
        dx, dy = eta, xi
        for rang, alpha in enumerate(alphas, 1):
            dx += alpha * cos(2 * rang * xi) * sinh(2 * rang * eta)
            dy += alpha * sin(2 * rang * xi) * cosh(2 * rang * eta)
        return 500_000 + 0.9996 * grand_a * dx, nord + 0.9996 * grand_a * dy

    return project


_LAMBERT_93 = build_lambert(49, 44, 46.5, 3, 700_000, 6_600_000)
# Emprise (long min, lat min, long max, lat max) et projection ; la première qui convient sert.
TERRITOIRES: tuple[tuple[tuple[float, float, float, float], Projection], ...] = (
    ((-9.86, 41.15, 10.38, 51.56), _LAMBERT_93),
    ((-63.66, 14.08, -57.52, 18.54), build_utm(20)),
    ((-54.6, 2.11, -49.46, 8.88), build_utm(22)),
    ((51.83, -24.72, 58.24, -18.28), build_utm(40, sud=True)),
    ((43.68, -14.49, 46.7, -11.33), build_utm(38, sud=True)),
    ((-57.1, 43.41, -55.9, 47.37), build_utm(21)),
    ((163.55, -22.75, 168.2, -19.54),
     build_lambert(-20.66666666666667, -22.33333333333333, -21.5, 166, 400_000, 300_000)),
    ((-155.0, -24.0, -150.0, -9.0), build_utm(5, sud=True)),
    ((-150.0, -29.0, -144.0, -13.0), build_utm(6, sud=True)),
    ((-144.0, -29.0, -138.0, -7.0), build_utm(7, sud=True)),
    ((-138.0, -25.0, -132.0, -18.0), build_utm(8, sud=True)),
    ((-177.0, -14.0, -176.0, -13.0), build_utm(1, sud=True, ellipsoide=_INTL)),
)  # fmt: skip


def find_projection(long: float, lat: float) -> Projection | None:
    """Rend la projection légale du lieu ; None hors de France."""
    for (ouest, sud, est, nord), projection in TERRITOIRES:
        if ouest <= long <= est and sud <= lat <= nord:
            return projection
    return None


def project(long: float, lat: float) -> tuple[float, float] | None:
    """Rend (x, y) en mètres dans la projection légale du lieu ; None hors de France."""
    if 41.15 <= lat <= 51.56 and -9.86 <= long <= 10.38:  # presque toujours : sans recherche
        return _LAMBERT_93(long, lat)
    projection = find_projection(long, lat)
    return projection(long, lat) if projection else None

"""L’heure de nos lois, de nos pages et de nos délais : celle de Paris."""

from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

from django.apps import AppConfig


class DiffusionConfig(AppConfig):
    name = "socle.metiers.diffusion"
    label = "diffusion"
    verbose_name = "Diffusion"

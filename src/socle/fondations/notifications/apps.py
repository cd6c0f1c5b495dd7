from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "socle.fondations.notifications"
    label = "notifications"
    verbose_name = "Notifications"

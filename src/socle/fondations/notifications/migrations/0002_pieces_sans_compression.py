"""Les pièces jointes en attente sont des PDF en base64 : les comprimer coûte et ne gagne rien."""

from django.db import migrations

TABLE = "ALTER TABLE notifications_envoi ALTER COLUMN pieces SET STORAGE"


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [migrations.RunSQL(f"{TABLE} EXTERNAL", f"{TABLE} EXTENDED")]

from django.db import migrations

from portal.kernel.append_only import install_append_only, remove_append_only


class Migration(migrations.Migration):
    """Let the database itself refuse to change the decision log."""

    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda _apps, editor: install_append_only(editor.connection),
            lambda _apps, editor: remove_append_only(editor.connection),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0001_social_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="budgetact",
            name="first",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.budgetact",
                verbose_name="first entered as",
            ),
        ),
    ]

"""Each service has a UUID for interfaces, made of its identifier."""

from django.db import migrations, models
from django.db.models import CharField, F, Func, UUIDField, Value
from django.db.models.functions import MD5, Cast, Concat

_DIGITS = MD5(Concat(Value("node--service:"), F("external_id"), output_field=CharField()))
_MARKED = Func(
    _DIGITS,
    template="overlay(overlay(%(expressions)s placing '3' from 13) placing '8' from 17)",
    output_field=CharField(),
)


class Migration(migrations.Migration):
    """Service.uuid, which the database reckons."""

    dependencies = [("services", "0006_transfers")]

    operations = [
        migrations.AddField(
            "service",
            "uuid",
            models.GeneratedField(
                db_persist=True,
                expression=Cast(_MARKED, UUIDField()),
                output_field=UUIDField(),
                unique=True,
            ),
        ),
    ]

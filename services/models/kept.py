"""Public answers as any web process made them, for the others and for those to come."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class KeptAnswer(models.Model):
    """An answer to an address without a query, as `services.answers.rows` writes and reads it.

    Lost with a crash of the database (the table is not logged), which only costs making it again.
    """

    # The release that made it, scheme, host and path.
    address = models.TextField(primary_key=True)
    day = models.DateField(db_index=True)
    # Whatever it sees is in the answer (PostgreSQL's pg_snapshot).
    snapshot = models.TextField()
    tags = ArrayField(models.TextField())
    parameters = ArrayField(models.TextField())
    head = models.TextField()  # "Name: value", a line each
    body = models.BinaryField()

    class Meta:
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address

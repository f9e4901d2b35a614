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


class AnswerFigures(models.Model):
    """What a web process counted of its public answers since its start, written by it every few seconds."""

    # The machine, the process and its start.
    process = models.CharField(max_length=200, primary_key=True)
    started_at = models.DateTimeField()
    at = models.DateTimeField()
    hits = models.BigIntegerField()
    unchanged = models.BigIntegerField()
    read = models.BigIntegerField()
    made = models.BigIntegerField()
    passed = models.BigIntegerField()
    entries = models.BigIntegerField()
    bytes = models.BigIntegerField()
    capacity = models.BigIntegerField()
    evicted = models.BigIntegerField()
    dropped = models.BigIntegerField()

    class Meta:
        ordering = ["process"]

    def __str__(self) -> str:
        return self.process

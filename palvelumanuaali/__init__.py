"""The project: settings, addresses, the task queue and the commands that start it all."""

from palvelumanuaali.celery import app as celery_app

__all__ = ["celery_app"]

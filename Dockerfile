# One image for the web server, the worker, the scheduler and the migrations.
# The version that the tests run on.
ARG PYTHON=3.11
FROM python:${PYTHON}-slim AS packages

COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/base.txt


FROM python:${PYTHON}-slim

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media

# Folders that volumes are mounted on belong to the user from the start: a new volume copies that.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin app \
    && install --directory --owner app /srv/static /srv/media

COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/app
COPY . .

# Settings have no default for these; nothing here uses them.
RUN export SECRET_KEY=unused DATABASE_URL=postgres:///unused REDIS_URL=redis:///unused \
    && python manage.py compile_catalogues \
    && python manage.py collectstatic --noinput

USER app
EXPOSE 8000
CMD ["python", "-m", "palvelumanuaali.serve", "--host", "0.0.0.0", "--port", "8000"]

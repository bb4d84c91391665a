# One image for web, worker, beat and migrate. The command selects the role; the default is web.
# It runs as any non-root user, with a read-only root file system and a writable /tmp.

FROM node:24.19.0-trixie-slim AS web-app
WORKDIR /src
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build


FROM python:3.13.18-slim-trixie AS packages
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY requirements-bootstrap.lock requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
# Wheels only: the image has no compiler, so a package without a wheel must stop the build.
RUN --mount=type=cache,target=/root/.cache/uv \
    uv venv /venv \
 && uv pip install --python /venv/bin/python --require-hashes --only-binary :all: --compile-bytecode \
    -r requirements.lock


FROM python:3.13.18-slim-trixie AS runtime
LABEL org.opencontainers.image.title="clinic-appointments" \
      org.opencontainers.image.description="Appointment booking for many clinics in one installation" \
      org.opencontainers.image.licenses="MIT"

# PYTHONTZPATH: time zones come from the pinned tzdata package, not from the system.
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app:/app/platform \
    PYTHONTZPATH="" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    WEB_DIST=/app/web

WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py ./
COPY platform/config/ platform/config/
COPY platform/console/ platform/console/
COPY notifications/ notifications/
COPY scheduling/ scheduling/
COPY clinics/ clinics/
COPY tenants/ tenants/
COPY --from=web-app /src/dist web/

# The settings require these variables. The placeholders are set for this command only.
RUN export SECRET_KEY=none JWT_SECRET=none BASE_DOMAIN=localhost REDIS_URL=redis://none \
           DB_HOST=none DB_NAME=none DB_USER=none DB_PASSWORD=none \
 && python manage.py collectstatic --noinput \
 && python -m compileall -q . \
 && chmod -R a+rX .

USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["python", "-m", "config.server", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--threads", "4", "--kill-timeout", "30"]

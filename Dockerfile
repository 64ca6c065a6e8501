# One image for web and worker; the command says which. Embedded servers are not used in it:
# compose.yaml (or you) name DATABASE_URL and BROKER_URL.
FROM python:3.11-slim-bookworm

# libegl1, libgl1: what skia links against. ffmpeg and typefaces come in the wheels below, the same
# everywhere; FFMPEG=/usr/bin/ffmpeg uses another one.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libegl1 libgl1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 hookloop

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY --chown=hookloop:hookloop . .
RUN mkdir -p var && chown hookloop:hookloop var

USER hookloop
ENV LOG_JSON=true
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "12", "--no-control-socket"]

"""How requests arrive and in which format they are answered, whatever they are about."""

import json
from io import BytesIO

import pytest

from apps.gateway.tests.conftest import BRIEF

pytestmark = pytest.mark.django_db(databases=["gateway"])


class TestPieces:
    """Bodies in pieces, whose length nobody says beforehand."""

    @staticmethod
    def send(api, body, address="/api/v1/jobs"):
        return api.post(
            address,
            content_type="application/json",
            **{
                "wsgi.input": BytesIO(body),
                "wsgi.input_terminated": True,
                "HTTP_TRANSFER_ENCODING": "chunked",
                "CONTENT_LENGTH": "",
            },
        )

    def test_they_are_read_as_any_other(self, api, orchestrator):
        assert self.send(api, json.dumps(BRIEF).encode()).status_code == 202
        assert [brief.topic for brief in orchestrator.submitted.values()] == [BRIEF["topic"]]

    def test_they_are_bounded(self, api, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        refused = self.send(api, b'{"topic": "' + b"a" * 200 + b'"}')

        assert refused.status_code == 413
        assert "Content-Length" in refused.json()["detail"]

    def test_those_of_strangers_are_not_read_at_all(self, client):
        body = BytesIO(b"{}")
        refused = self.send(client, b"", "/api/v1/jobs")

        assert refused.status_code == 401
        assert body.tell() == 0


class TestDescription:
    @pytest.mark.parametrize(
        ("query", "accept", "kind"),
        [
            ("", "*/*", "application/vnd.oai.openapi"),
            ("", "application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
            ("?format=json", "*/*", "application/vnd.oai.openapi+json"),
            ("", "text/html", "application/vnd.oai.openapi"),
            ("?format=xml", "application/json", "application/vnd.oai.openapi"),
        ],
    )
    def test_is_there_in_whatever_format_there_is(self, client, query, accept, kind):
        response = client.get(f"/api/v1/schema{query}", headers={"Accept": accept})

        assert response.status_code == 200
        assert response["Content-Type"].partition(";")[0] == kind

    def test_is_a_page_that_loads_nothing_from_elsewhere_and_nothing_inline(self, client):
        response = client.get("/api/v1/docs", headers={"Accept": "application/json"})

        assert response["Content-Type"].startswith("text/html")
        assert "unsafe" not in response["Content-Security-Policy"]
        assert "http" not in response.content.decode()
        assert "<style" not in response.content.decode()

"""A letter in a frame on anybody's site."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders

WHOLE = 15_000  # bytes, as sent


def test_the_whole_frame_weighs_under_15_kilobytes(client, text):
    response = client.get("/letters/peace/embed/")

    page = response.content.decode()
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    sizes = [len(gzip.compress(Path(str(finders.find(file))).read_bytes())) for file in files]
    assert len(files) == 2
    assert len(response.content) + sum(sizes) < WHOLE


def test_the_frame_asks_the_database_three_questions(client, text, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get("/letters/peace/embed/")


def test_the_frame_runs_no_script_and_may_stand_on_any_site(client, text):
    response = client.get("/letters/peace/embed/")

    assert b"<script" not in response.content
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert response.cookies == {}


def test_the_frame_leads_to_the_letter_in_a_tab_of_its_own(client, text):
    page = client.get("/fr/letters/peace/embed/").content.decode()

    assert 'href="http://testserver/fr/letters/peace/" target="_blank" rel="noopener"' in page

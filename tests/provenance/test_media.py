"""The table of media types: no name twice, every exporter's type is in it, and the document shows it."""

from pathlib import Path

import pytest
from worldloom.provenance.errors import CredentialError
from worldloom.provenance.media import EXTENSIONS, TABLE, embeds, media_type_of, sdk_format, table_markdown

PAGE = Path(__file__).parents[2] / "docs" / "credentials.md"
EMBEDDED = {"png", "jpg", "webp", "svg", "wav", "flac", "mp3", "mp4", "pdf", "zip"}
BESIDE = {"glb", "usda", "usdz", "tmx", "txt", "md", "json", "py", "parquet", "safetensors", "npz", "html"}


def test_the_document_shows_the_table():
    assert f"<!-- formats -->\n{table_markdown()}<!-- /formats -->" in PAGE.read_text()


def test_names_and_extensions_lead_to_each_other():
    assert len({row.name for row in TABLE}) == len({row.extension for row in TABLE}) == len(TABLE)
    for row in TABLE:
        assert media_type_of(f"a/b.c/x.{row.extension}") == row.name
        assert EXTENSIONS[row.name] == row.extension


def test_what_carries_its_credential_inside_and_what_has_it_beside():
    assert {row.extension for row in TABLE if embeds(row.name)} == EMBEDDED
    assert {row.extension for row in TABLE if not embeds(row.name)} == BESIDE


@pytest.mark.parametrize("name", ["x.ogg", "x", "", "png", "x.PNG", "x.png/", "x.c2pa"])
def test_a_file_of_no_known_type_is_refused(name):
    with pytest.raises(CredentialError, match="none that Worldloom writes"):
        media_type_of(name)


@pytest.mark.parametrize("ask", [embeds, sdk_format])
def test_an_unknown_type_is_refused_with_those_that_are_known(ask):
    with pytest.raises(CredentialError, match="image/png"):
        ask("audio/ogg")

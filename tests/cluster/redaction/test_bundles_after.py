"""A bundle of a redacted run: without the prompts, clean, and judged as whole as one from before."""

from datetime import UTC, datetime

import pytest
from worldloom.cluster.redaction.redacting import RedactOptions, redact_place
from worldloom.provenance.artifact_bundle import make_bundle
from worldloom.provenance.audit.bundle_steps import audit_bundle
from worldloom.provenance.errors import LineageError
from worldloom.provenance.folder import artifact_path
from worldloom.provenance.zip_disk import ZipDisk


@pytest.fixture
def judge(keystore):
    def judged(data):
        return audit_bundle(ZipDisk(data), "it", [keystore.operator.certificate_pem], datetime.now(UTC))

    return judged


@pytest.mark.parametrize("kind", ["png", "txt"])
def test_a_bundle_made_after_a_redaction_is_clean_and_has_no_prompt(place, keystore, sealed, judge, kind):
    made = sealed.picture if kind == "png" else sealed.letter
    redact_place(place, RedactOptions(prompts=True, reason="a person asked"), keystore)
    data = make_bundle(place.storage, artifact_path(made.digest, kind))[1]
    result = judge(data)
    assert (result.exit_code, result.faults, result.artifacts) == (0, [], 1)
    assert made.recipe.prompt.encode() not in data
    assert "a person asked" in " ".join(finding.message for finding in result.findings)


def test_a_bundle_made_before_stays_clean_for_who_does_not_know(place, keystore, sealed, judge):
    data = make_bundle(place.storage, artifact_path(sealed.picture.digest, "png"))[1]
    redact_place(place, RedactOptions(prompts=True, reason="a person asked"), keystore)
    assert judge(data).exit_code == 0


def test_of_a_thing_that_was_erased_whole_there_is_no_bundle(place, keystore, sealed):
    path = artifact_path(sealed.picture.digest, "png")
    redact_place(place, RedactOptions(names=(sealed.picture.digest,), whole=True, reason="a person asked"), keystore)
    with pytest.raises(LineageError, match="erased"):
        make_bundle(place.storage, path)

"""What two laws ask of marks on generated content, as this program understands them, and what of it a thing has.

A reading by programmers, of texts as known in November 2026: no legal advice, and no verdict. Each duty names its
article, and its rule looks at nothing but the marks that were found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .marks import BESIDE, Marked

THERE, PARTLY, MISSING, OPEN = "there", "partly", "missing", "for people"
"""What is found of a duty: all that can be looked for, some, nothing, or nothing that a program can tell."""

_NAMELESS = "Worldloom operator"
"""How the keystore names an operator who gave no name."""


@dataclass(frozen=True)
class Law:
    """A law by its number; `since` says from when, `whom` whom it binds, `not_read` what this program leaves out."""

    key: str
    name: str
    source: str
    since: str
    whom: str
    not_read: str


@dataclass(frozen=True)
class Answer:
    """What is found of one duty: one of the four words, and a sentence."""

    state: str
    why: str


@dataclass(frozen=True)
class Duty:
    """One thing that a law asks: of which things (`applies`), what, and the rule that looks for it."""

    law: str
    article: str
    asks: str
    applies: Callable[[Marked], bool]
    found: Callable[[Marked], Answer]


EU = Law(
    key="EU",
    name="EU Artificial Intelligence Act, Article 50",
    source="Regulation (EU) 2024/1689, Articles 3(60), 50 and 113",
    since="2 August 2026. Paragraph 2 for systems that were on the market before: 2 December 2026, by the amending "
    "regulation of 2026 known as the Digital Omnibus; look up the text in force.",
    whom="Paragraph 2 binds providers of AI systems that generate audio, images, video or text; paragraph 4 binds "
    "those who use them to publish.",
    not_read="Whether you are a provider or deployer; the exceptions (assistance for standard editing, law "
    "enforcement, evidently artistic or fictional works, text under human review); paragraphs 1 and 3, which are "
    "about people who talk to a system or are recognised by one. The Commission's code of practice on marking names "
    "more than one layer: signed metadata, a watermark that nobody sees, and fingerprints or logs besides.",
)
CALIFORNIA = Law(
    key="California",
    name="California AI Transparency Act (SB 942)",
    source="California Business and Professions Code, sections 22757 and following; SB 942 (Stats. 2024, ch. 291), "
    "amended by AB 853 (Stats. 2025, ch. 674)",
    since="2 August 2026 for covered providers; platforms from 1 January 2027, makers of cameras from 1 January 2028.",
    whom="Covered providers: who makes a generative AI system with more than 1,000,000 monthly visitors or users that "
    "is publicly accessible in California. It speaks of image, video and audio content, not of text.",
    not_read="Whether you are a covered provider; the exemption for products that offer video games, television, films "
    "or interactive experiences whose content users did not generate; licences that must demand the same of others.",
)
LAWS = (EU, CALIFORNIA)

_HEARD_OR_SEEN = ("pictures", "drawings", "sounds", "films")


def _by_model(thing: Marked) -> bool:
    return thing.maker.trained


def _seen_by_model(thing: Marked) -> bool:
    return thing.maker.trained and thing.family in _HEARD_OR_SEEN


def _machine_readable(thing: Marked) -> Answer:
    marks = thing.marks
    if not marks.holds:
        return Answer(MISSING, "It has no credential that holds.")
    if not marks.says_model:
        return Answer(MISSING, "Its credential does not say that a trained model made it.")
    if marks.where == BESIDE:
        return Answer(PARTLY, "Its credential says so in a second file beside it: copied alone, it is unmarked.")
    return Answer(THERE, "Its credential, inside the file, says that a trained model made it (digital source type).")


def _detectable(thing: Marked) -> Answer:
    if not thing.marks.holds:
        return Answer(MISSING, "Nothing that travels with it can be read.")
    if thing.marks.fingerprints:
        return Answer(
            PARTLY,
            "Readers of C2PA find the credential; without it, who has the run finds the thing again by its "
            "fingerprint. There is no watermark: a much altered copy, away from the run, shows nothing.",
        )
    return Answer(
        PARTLY, "Readers of C2PA find the credential; once that is stripped, nothing says so: no fingerprint."
    )


def _robust(_thing: Marked) -> Answer:
    return Answer(
        OPEN,
        "As far as technically feasible, says the law. The format is an open standard that others read; that metadata "
        "can be stripped, and that there is no watermark, speaks against robust.",
    )


def _deep_fake(_thing: Marked) -> Answer:
    return Answer(
        MISSING,
        "It bears no label that people see or hear. Whether it is a deep fake (falsely appears to be a real person, "
        "place or event) no program can tell; people and places of a generated world are invented.",
    )


def _public_text(_thing: Marked) -> Answer:
    return Answer(
        MISSING,
        "The text does not say that a model wrote it. It matters where it is published to inform on matters of public "
        "interest without anybody's editorial responsibility.",
    )


def _provider(thing: Marked) -> Answer:
    if not thing.marks.holds:
        return Answer(MISSING, "It has no credential that holds.")
    if not thing.marks.provider or thing.marks.provider.startswith(_NAMELESS):
        return Answer(MISSING, "Its signer has a key and no name; worldloom keys init --organisation NAME gives one.")
    return Answer(THERE, f"Its signer's certificate names {thing.marks.provider}.")


def _system(thing: Marked) -> Answer:
    if thing.marks.holds and thing.marks.names_system:
        return Answer(THERE, "Its credential names the model, and as its version the digest of the weights.")
    return Answer(MISSING, "Its credential names no system with a version.")


def _time(thing: Marked) -> Answer:
    if thing.marks.holds and thing.marks.timed:
        return Answer(THERE, "Its credential has the time of making.")
    return Answer(MISSING, "Its credential has the simulated time only; the hour of making stands in the log.")


def _identifier(thing: Marked) -> Answer:
    if thing.marks.holds and thing.marks.has_id:
        return Answer(THERE, "Its credential has a unique name (urn:c2pa:…).")
    return Answer(MISSING, "It has no credential that holds.")


def _lasting(thing: Marked) -> Answer:
    again = ", though who has the run finds the thing by its fingerprint" if thing.marks.fingerprints else ""
    return Answer(
        PARTLY,
        f"As far as technically feasible, says the law. A credential is stripped by one upload{again}; "
        "there is no watermark.",
    )


def _manifest(_thing: Marked) -> Answer:
    return Answer(MISSING, "There is no option for a visible label that says: made by AI.")


def _tool(_thing: Marked) -> Answer:
    return Answer(
        PARTLY,
        "worldloom audit reads the marks of any file, and --recover finds a stripped one: a program that costs "
        "nothing. A page and an interface for the public is for the provider to offer.",
    )


DUTIES = (
    Duty("EU", "50(2)", "marked as artificially generated, in a form that machines read", _by_model, _machine_readable),
    Duty("EU", "50(2)", "detectable as artificially generated", _by_model, _detectable),
    Duty("EU", "50(2)", "by means that are effective, interoperable, robust and reliable", _by_model, _robust),
    Duty("EU", "50(4), (5)", "a deep fake: a clear label at first sight", _seen_by_model, _deep_fake),
    Duty(
        "EU",
        "50(4), (5)",
        "a text on matters of public interest: a notice",
        lambda thing: _by_model(thing) and thing.family == "texts",
        _public_text,
    ),
    Duty("California", "22757.3(b)", "latent: the provider's name", _seen_by_model, _provider),
    Duty("California", "22757.3(b)", "latent: name and version of the system", _seen_by_model, _system),
    Duty("California", "22757.3(b)", "latent: time and date of making", _seen_by_model, _time),
    Duty("California", "22757.3(b)", "latent: a unique identifier", _seen_by_model, _identifier),
    Duty("California", "22757.3(b)", "latent: permanent or very hard to remove", _seen_by_model, _lasting),
    Duty("California", "22757.3(a)", "manifest: the option of a visible label", _seen_by_model, _manifest),
    Duty("California", "22757.2", "a free tool of the provider that detects", _seen_by_model, _tool),
)

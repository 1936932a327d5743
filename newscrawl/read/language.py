"""Which language a story is in: what the page declares, checked against its text."""

from __future__ import annotations

import re
from functools import cache

from newscrawl.read.metas import Head, tidy

TAG = re.compile(r"\A([A-Za-z]{2,3})(?:[-_]([A-Za-z0-9]{2,8}))*\Z")
ENOUGH = 200
SAMPLE = 1200
SURE = 0.95
# Kin that the detector takes for one another; the page's own word counts.
KIN = (
    {"id", "ms", "jv", "su", "min"}, {"no", "nb", "nn", "da", "sv"}, {"hr", "bs", "sr", "sl", "mk"}, {"cs", "sk"}, {"xh", "zu", "ss", "nr", "nso", "st", "tn", "sw", "rw", "lg"},
    {"pt", "gl"}, {"es", "ca", "gl", "an"}, {"nl", "af"}, {"de", "lb", "als"}, {"hi", "mr", "ne"}, {"tr", "az"}, {"ru", "uk", "be", "bg"}, {"zh", "yue"}, {"tl", "fil", "ceb"}, {"fa", "ps", "ur"}, {"is", "fo"}, {"fr", "oc", "br"}, {"it", "co"},
)  # fmt: skip
SCRIPTS = (
    (re.compile("[\u3040-\u30ff]"), 0.05, ("ja",)), (re.compile("[\uac00-\ud7af]"), 0.2, ("ko",)),
    (re.compile("[\u4e00-\u9fff]"), 0.3, ("zh", "ja", "yue")), (re.compile("[\u0e00-\u0e7f]"), 0.3, ("th",)),
    (re.compile("[\u0590-\u05ff]"), 0.3, ("he", "yi")), (re.compile("[\u0370-\u03ff]"), 0.3, ("el",)),
    (re.compile("[\u10a0-\u10ff]"), 0.3, ("ka",)), (re.compile("[\u0530-\u058f]"), 0.3, ("hy",)), (re.compile("[\u0980-\u09ff]"), 0.3, ("bn", "as")),
    (re.compile("[\u0b80-\u0bff]"), 0.3, ("ta",)), (re.compile("[\u0c00-\u0c7f]"), 0.3, ("te",)), (re.compile("[\u1780-\u17ff]"), 0.3, ("km",)), (re.compile("[\u1000-\u109f]"), 0.3, ("my",)),
)  # fmt: skip


def declared(head: Head) -> str | None:
    """The language that the page declares: `<html lang>`, JSON-LD, meta tags; as a BCP 47 tag."""
    found = [head.document.language or "", tidy(head.article.get("inLanguage"))]
    found += [value for value, _ in head.every("language")]
    return next((one.replace("_", "-") for one in found if TAG.match(one)), None)


def language(told: str | None, text: str) -> tuple[str | None, str]:
    """The language of a text and how it is known: the declared one, unless the text clearly is another's.

    >>> language("en-US", "Хлопоты о мире продолжаются.")
    ('en-US', 'declared')
    """
    primary = (told or "").partition("-")[0].lower()
    if len(text) < ENOUGH and primary:
        return told, "declared"
    sample = text[:SAMPLE]
    for pattern, share, codes in SCRIPTS:
        if len(pattern.findall(sample)) > share * len(sample):
            return (told, "declared") if primary in codes else (codes[0], "detected")
    if len(text) < 20:
        return told, "declared"
    found, probability = _detected(sample)
    if not primary:
        return (found, "detected") if probability > 0.5 else (None, "")
    if found == primary or probability < SURE or len(text) < 2 * ENOUGH:
        return told, "declared"
    return (told, "declared") if any(found in kin and primary in kin for kin in KIN) else (found, "detected")


@cache
def _identifier() -> object:
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)


def _detected(sample: str) -> tuple[str, float]:
    code, probability = _identifier().classify(sample)  # type: ignore[attr-defined]
    return str(code), float(probability)

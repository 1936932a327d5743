import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.clean import restore, sanitize_text
from newscrawl.clean.disguise import fold

ZW = "\u200b"
TAGGED = "".join(chr(0xE0000 + ord(one)) for one in "slot")


@pytest.mark.parametrize(
    ("written", "read", "kind"),
    [
        ("𝗦𝗟𝗢𝗧 𝗚𝗔𝗖𝗢𝗥", "SLOT GACOR", "math-letters"),
        ("𝓼𝓵𝓸𝓽", "slot", "math-letters"),
        ("ℙ𝕌𝕃𝔸𝕌", "PULAU", "math-letters"),
        ("🅶🅰🅲🅾🆁", "GACOR", "enclosed-letters"),
        ("🄶🄰🄲🄾🅁", "GACOR", "enclosed-letters"),
        ("ⓢⓛⓞⓣ", "slot", "enclosed-letters"),
        ("ｓｌｏｔ", "slot", "wide-letters"),
        ("ѕlоt gасоr", "slot gacor", "homoglyphs"),
        ("cаsіno", "casino", "homoglyphs"),
        ("кaзинo", "казино", "homoglyphs"),
        (ZW.join("gacor"), "gacor", "zero-width"),
        ("ga\u2060cor", "gacor", "zero-width"),
        ("P͓̽U͓̽L͓̽A͓̽U͓̽", "PULAU", "overlay-marks"),
        ("s l o t  g a c o r", "slot  gacor", "spaced-letters"),
        ("s.l.o.t", "slot", "spaced-letters"),
        ("good" + TAGGED, "good", "tag-characters"),
        ("cᴀsɪno", "casino", "homoglyphs"),
    ],
)
def test_a_disguise_is_read_through_and_remembered(written: str, read: str, kind: str) -> None:
    folded = fold(written)
    assert folded.text == read
    assert kind in {one.kind for one in folded.disguises}


@pytest.mark.parametrize(
    "text",
    [
        "J. R. R. Tolkien and G. K. M. Smith",
        "A B C D",
        "the Bundes\u00adver\u00adfassungs\u00adgericht",
        "می\u200cخواهم بروم",
        "क्\u200dष",
        "👨\u200d👩\u200d👧 and 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "Наушники фирмы Bose и Windows",
        "Москва and Ωmega, a µm, 5 Ω",
        "cafe\u0301 u\u0308ber Vie\u0323\u0302t",
        "日本のＡＩとＮＨＫ",
        "kapı ışık şarkı",
        "ภาษา\u200bไทย",
        "℃ № ½ ﬁnd ①",
        "COVID19 B737 G20 H2O",
        "a paper I read",
    ],
)
def test_honest_writing_is_no_disguise(text: str) -> None:
    assert fold(text).disguises == ()


@pytest.mark.parametrize("text", ["a𝗦𝗟b", "x s l o t y", "ga\u200bcor ѕlоt", "ＰＵ𝙇"])
def test_every_folded_offset_leads_back(text: str) -> None:
    folded = fold(text)
    assert folded.origin(len(folded.text)) == len(text)
    offsets = [folded.origin(i) for i in range(len(folded.text) + 1)]
    assert offsets == sorted(offsets)


LETTERS = st.text(st.sampled_from("abcslot gаѕо𝗦𝗟🅶Ａ\u200b\u200d\u00ad\u0301\u0336\U000e0041日ไम ."), max_size=60)


@given(LETTERS | st.text(max_size=60))
def test_folding_never_raises_and_keeps_its_map(text: str) -> None:
    folded = fold(text)
    offsets = [folded.origin(i) for i in range(len(folded.text) + 1)]
    assert offsets == sorted(offsets)
    assert all(0 <= one <= len(text) for one in offsets)
    assert all(0 <= one.start <= one.end <= len(folded.text) for one in folded.disguises)


@given(st.text(st.characters(codec="ascii"), max_size=80))
def test_plain_ascii_keeps_every_character_but_spaced_letters(text: str) -> None:
    folded = fold(text)
    if not folded.disguises:
        assert folded.text == text


@given(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), st.integers(0, 12))
def test_every_mathematical_alphabet_is_read(letter: str, alphabet: int) -> None:
    styled = chr(0x1D41A + 52 * alphabet + ord(letter) - ord("a"))
    if unicodedata.category(styled) == "Cn":
        return
    assert fold(styled * 3).text == letter * 3


def test_signs_that_mask_no_word_at_all_do_no_harm() -> None:
    text = "\u2022\U000e0041"
    assert restore(sanitize_text(text)) == text


@pytest.mark.parametrize(
    ("spelt", "read"),
    [
        ("실.시.간  홀.덤  꽁.머.니  홀.덤", "실시간  홀덤  꽁머니  홀덤"),
        ("실 시 간  홀 덤  꽁 머 니", "실시간  홀덤  꽁머니"),
        ("ت_ا_ی_ن_ی  ب_ت  پ_ی_ش", "تاینی  بت  پیش"),
        ("老 虎 机 在 线 娱 乐", "老虎机在线娱乐"),
        ("ส.ล.็.อ.ต  เ.ว.็.บ", "สล็อต  เว็บ"),
        ("न-ी-ल-ा  न-ी-ल", "नीला  नील"),
    ],
)
def test_words_spelt_out_are_read_in_any_script(spelt: str, read: str) -> None:
    found = fold(f"vor {spelt} nach")
    assert found.text == f"vor {read} nach"
    assert all(one.kind == "spaced-letters" for one in found.disguises)
    assert found.disguises
    assert [f"vor {spelt} nach"[found.origin(i)] for i in range(len(found.text))] == list(found.text)


@pytest.mark.parametrize(
    "text", ["노·사·정 협의", "시·도·군·구와 함께", "京·津·冀地区", "١ ٢ ٣ ٤ ٥ ٦ ٧ ٨", "그 한 수 더", "م.م.م"]
)
def test_syllables_that_stand_for_words_and_figures_are_not_spelt_out(text: str) -> None:
    assert not fold(text).disguises

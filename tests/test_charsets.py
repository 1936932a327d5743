"""Pages whose encoding is not named, or named wrongly, in the encodings that papers wrote before UTF-8."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl import charsets, markup
from newscrawl.model import Page

TEXTS = {
    "de": "Die Fähre zu den äußeren Inseln fährt nach neun Wochen wieder; über die Brücke stimmt man später ab. Größe: süß.",
    "es": "El transbordador volverá el lunes, informó el muelle; según el práctico, mañana habrá más barcos. ¿Llegará el pan?",
    "fr": "Le bac reprendra après neuf semaines, a annoncé le port; l'été sera long, disent les pêcheurs à l'île déjà isolée.",
    "pl": "Prom na wyspy wypłynie znów w poniedziałek, dziewięć tygodni po sztormie, który zerwał przystań na Mewim Cyplu.",
    "cs": "Přívoz na vzdálené ostrovy znovu vypluje v pondělí, devět týdnů po bouři, která strhla přístaviště u mysu.",
    "tr": "Dış adalara giden feribot, fırtınanın Martı Burnu'ndaki iskeleyi koparmasından dokuz hafta sonra yeniden başlıyor.",
    "ru": "Паром на дальние острова снова пойдёт в понедельник, через девять недель после шторма, сорвавшего причал.",
    "uk": "Пором на далекі острови знову піде в понеділок, через дев'ять тижнів після шторму, який зірвав причал.",
    "el": "Το πλοίο για τα μακρινά νησιά φεύγει ξανά τη Δευτέρα, εννέα εβδομάδες μετά την καταιγίδα στο λιμάνι.",
    "he": "המעבורת לאיים החיצוניים תשוב להפליג ביום שני, תשעה שבועות אחרי הסערה שעקרה את המזח, נמסר מהנמל.",
    "ar": "تعود العبارة إلى الجزر الخارجية يوم الاثنين، بعد تسعة أسابيع من عاصفة اقتلعت الرصيف، بحسب مكتب الميناء.",
    "th": "เรือข้ามฟากไปเกาะรอบนอกจะแล่นอีกครั้งในวันจันทร์ หลังพายุพัดท่าเรือไปเมื่อเก้าสัปดาห์ก่อน",
    "zh": "港务处表示，开往外岛的渡轮将于星期一恢复航行，九个星期前一场风暴冲走了海鸥角的码头。",
    "zh-tw": "港務處表示，開往外島的渡輪將於星期一恢復航行，九個星期前一場風暴沖走了海鷗角的碼頭。",
    "ja": "沖の島々へのフェリーが月曜日から運航を再開すると港湾事務所が発表した。嵐で桟橋が流されてから九週間になる。",
    "ko": "항만 사무소는 바깥 섬으로 가는 배가 월요일부터 다시 다닌다고 밝혔다. 폭풍이 부두를 쓸어 간 지 아홉 주 만이다.",
}
ENCODINGS = [
    ("de", "cp1252"), ("es", "latin-1"), ("fr", "cp1252"), ("pl", "cp1250"), ("pl", "iso8859-2"), ("cs", "cp1250"),
    ("tr", "cp1254"), ("ru", "cp1251"), ("ru", "koi8-r"), ("uk", "cp1251"), ("el", "cp1253"), ("he", "cp1255"),
    ("ar", "cp1256"), ("th", "cp874"), ("zh", "gb2312"), ("zh-tw", "big5"), ("ja", "shift_jis"), ("ja", "euc_jp"),
    ("ko", "euc_kr"),
]  # fmt: skip
OF_THEIR_OWN = [one for one in ENCODINGS if one[0] not in ("pl", "cs", "tr")]


def shown(body: bytes, content_type: str = "text/html") -> str:
    return markup.decode(Page(url="https://a.example/", headers={"content-type": (content_type,)}, body=body))[0]


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
@pytest.mark.parametrize("label", ["", "<meta charset=utf-8>", "<meta charset=x-unheard-of>"])
def test_a_page_is_read_whose_encoding_is_not_named_or_named_wrongly(language: str, encoding: str, label: str) -> None:
    text = f"<html lang={language}>{label}<p>{TEXTS[language]}</p>"
    assert shown(text.encode(encoding)) == text


@pytest.mark.parametrize(("language", "encoding"), OF_THEIR_OWN)
def test_without_a_language_the_letters_tell(language: str, encoding: str) -> None:
    assert TEXTS[language] in shown(f"<p>{TEXTS[language]}</p>".encode(encoding))


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "windows-1251", "iso-8859-9"])
@pytest.mark.parametrize("language", ["de", "ru", "ja", "ar"])
def test_utf_8_under_the_name_of_another_is_utf_8(language: str, label: str) -> None:
    assert TEXTS[language] in shown(f"<p>{TEXTS[language]}</p>".encode(), f"text/html; charset={label}")


@pytest.mark.parametrize(("language", "encoding"), [("de", "cp1252"), ("ru", "cp1251"), ("pl", "iso8859-2")])
def test_a_true_name_holds(language: str, encoding: str) -> None:
    assert TEXTS[language] in shown(f"<p>{TEXTS[language]}</p>".encode(encoding), f"text/html; charset={encoding}")


def test_a_page_of_utf_8_with_some_broken_octets_stays_utf_8() -> None:
    body = TEXTS["ru"].encode() + b"\xd0 \xd0 \xd0 \xd0" + TEXTS["ru"].encode()
    assert shown(body).startswith(TEXTS["ru"])


@given(st.binary(max_size=400))
def test_no_octets_stop_the_guess(body: bytes) -> None:
    found = charsets.guess(body)
    assert found is None or isinstance(body.decode(found, "replace"), str)

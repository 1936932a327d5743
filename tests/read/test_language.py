"""The language of a text: as declared where its small words say so, as its letters and words tell where they do not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from newscrawl.read.language import language

ENGLISH = (
    "The harbour board said on Monday that the old bridge will be closed for the whole of the summer, and that the boats "
    "which lie behind it must leave before the end of the week. It was not clear who would pay for the repairs."
)
GERMAN = (
    "Die Hafenbehörde teilte am Montag mit, dass die alte Brücke den ganzen Sommer über gesperrt wird und dass die Boote, "
    "die dahinter liegen, bis zum Ende der Woche auslaufen müssen. Wer für die Arbeiten zahlt, ist noch nicht bekannt."
)
SPANISH = (
    "La autoridad del puerto dijo el lunes que el puente viejo estará cerrado todo el verano y que los barcos que están "
    "detrás de él tienen que salir antes del fin de semana. No se sabe quién va a pagar por las obras."
)
PORTUGUESE = (
    "A autoridade do porto disse na segunda-feira que a ponte velha vai ficar fechada durante todo o verão e que os barcos "
    "que estão atrás dela têm de sair até ao fim da semana. Não se sabe quem vai pagar as obras."
)
INDONESIAN = (
    "Otoritas pelabuhan mengatakan pada hari Senin bahwa jembatan lama akan ditutup selama musim panas dan perahu yang ada "
    "di belakangnya harus keluar sebelum akhir pekan. Belum jelas siapa yang akan membayar perbaikan itu."
)
RUSSIAN = (
    "Управление порта сообщило в понедельник, что старый мост будет закрыт на всё лето и что лодки, которые стоят за ним, "
    "должны выйти до конца недели. Кто заплатит за ремонт, пока не известно."
)


@pytest.mark.parametrize(
    ("told", "text", "want", "how"),
    [
        ("en-GB", ENGLISH, "en-GB", "declared"),
        ("de", GERMAN, "de", "declared"),
        ("pt-BR", PORTUGUESE, "pt-BR", "declared"),
        ("id", INDONESIAN, "id", "declared"),
        (None, SPANISH, "es", "detected"),
        (None, INDONESIAN, "id", "detected"),
        ("en-US", GERMAN * 3, "de", "detected"),
        ("en-US", INDONESIAN * 3, "id", "detected"),
        ("en", RUSSIAN * 3, "ru", "detected"),
        ("ms", INDONESIAN * 2, "ms", "declared"),
    ],
)
def test_the_text_has_the_last_word(told: str | None, text: str, want: str, how: str) -> None:
    assert language(told, text) == (want, how)


def test_no_model_is_loaded_where_the_small_words_bear_out_what_is_declared() -> None:
    code = (
        "import sys; from newscrawl.read.language import language; "
        f"language('en', {ENGLISH!r}); print('py3langid' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

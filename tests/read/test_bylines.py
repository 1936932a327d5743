"""Bylines as papers of many countries set them: mononyms, several writers, roles, capitals, initials, handles, mails."""

from __future__ import annotations

import pytest

from newscrawl import read
from newscrawl.model import Page
from newscrawl.read import authors

NAMES: list[tuple[str, tuple[str, ...]]] = [
    ("Suharto", ("Suharto",)),
    ("Oleh Suharto", ("Suharto",)),
    ("Oleh: Sutrisno dan Wulandari", ("Sutrisno", "Wulandari")),
    ("Penulis: Sutrisno, Wulandari, dan Budi Santoso", ("Sutrisno", "Wulandari", "Budi Santoso")),
    ("Por Juca", ("Juca",)),
    ("Por Tostão e Juca Moreira", ("Tostão", "Juca Moreira")),
    ("By Ramesh", ("Ramesh",)),
    ("By Ramesh and Priya", ("Ramesh", "Priya")),
    ("K. Ramesh", ("K. Ramesh",)),
    ("R.K. Narayan Rao", ("R.K. Narayan Rao",)),
    ("M S Suresh", ("M S Suresh",)),
    ("Jane A. Doe & John B. Roe III", ("Jane A. Doe", "John B. Roe III")),
    ("BY JANE DOE AND JOHN ROE", ("JANE DOE", "JOHN ROE")),
    ("VON JANA ROTH UND MAX GROSS", ("JANA ROTH", "MAX GROSS")),
    ("POR ANA SOUZA E JOÃO LIMA", ("ANA SOUZA", "JOÃO LIMA")),
    ("OLEH DEWI SARI", ("DEWI SARI",)),
    ("@janedoe", ()),
    ("jane.doe@example.org", ()),
    ("Jane Doe (@janedoe)", ("Jane Doe",)),
    ("Jane Doe <jane@example.org>", ("Jane Doe",)),
    ("Jane Doe | @janedoe | jane@example.org", ("Jane Doe",)),
    ("Staff Writer", ()),
    ("By Staff Writer", ()),
    ("By Our Staff Reporter", ()),
    ("By Our Correspondent", ()),
    ("Staff Reporter", ()),
    ("Special Correspondent", ()),
    ("Von unserem Korrespondenten", ()),
    ("De notre correspondant", ()),
    ("De nuestra redacción", ()),
    ("Tim Redaksi", ()),
    ("Da Redação", ()),
    ("HABER MERKEZİ", ()),
    ("Editorial Staff", ()),
    ("News Desk", ()),
    ("Online Desk", ()),
    ("Agencies", ()),
    ("Reporter Jane Doe", ("Jane Doe",)),
    ("Political reporter Jane Doe", ("Jane Doe",)),
    ("Senior Correspondent Jane Doe", ("Jane Doe",)),
    ("Journalist: Jane Doe", ("Jane Doe",)),
    ("Jane Doe, our correspondent in Cairo", ("Jane Doe",)),
    ("Jane Doe – Senior Staff Writer", ("Jane Doe",)),
    ("Jane Doe, Deputy Political Editor and John Roe, Data Reporter", ("Jane Doe", "John Roe")),
    ("By Jane Doe, Cairo", ("Jane Doe",)),
    ("Jane Doe contributed reporting", ("Jane Doe",)),
    ("Jana Roth (jr)", ("Jana Roth",)),
    ("Jana Roth/jr", ("Jana Roth",)),
    ("Redakteurin Jana Roth", ("Jana Roth",)),
    ("Von Redakteurin Jana Roth", ("Jana Roth",)),
    ("Journaliste Chloé Martin", ("Chloé Martin",)),
    ("Chloé Martin, journaliste", ("Chloé Martin",)),
    ("Chloé Martin, cheffe du service politique", ("Chloé Martin",)),
    ("Redacción: Lucía Gómez", ("Lucía Gómez",)),
    ("Lucía Gómez, enviada especial", ("Lucía Gómez",)),
    ("Repórter: Ana Souza", ("Ana Souza",)),
    ("Ana Souza, especial para O Porto", ("Ana Souza",)),
    ("Giornalista Anna Rossi", ("Anna Rossi",)),
    ("dal nostro inviato Marco Bianchi", ("Marco Bianchi",)),
    ("Autor: Jan Kowalski, Źródło: PAP", ("Jan Kowalski",)),
    ("Opracował: Jan Kowalski", ("Jan Kowalski",)),
    ("Autorka: Anna Nowak", ("Anna Nowak",)),
    ("Автор: Анна Иванова, корреспондент", ("Анна Иванова",)),
    ("Корреспондент Анна Иванова", ("Анна Иванова",)),
    ("ИВАНОВА Анна", ("ИВАНОВА Анна",)),
    ("Авторка: Олена Коваль", ("Олена Коваль",)),
    ("Журналістка Олена Коваль", ("Олена Коваль",)),
    ("Muhabir: Ayşe Kaya", ("Ayşe Kaya",)),
    ("AYŞE KAYA / İSTANBUL", ("AYŞE KAYA",)),
    ("Tác giả: Nguyễn Văn An", ("Nguyễn Văn An",)),
    ("Nguyễn Văn An - Trần Bình", ("Nguyễn Văn An", "Trần Bình")),
    ("Thực hiện: Minh Anh", ("Minh Anh",)),
    ("Hoàng Hà", ("Hoàng Hà",)),
    ("记者：王小明、李大伟", ("王小明", "李大伟")),
    ("文/本报记者 王小明", ("王小明",)),
    ("撰稿｜王小明", ("王小明",)),
    ("王小明 和 李大伟", ("王小明", "李大伟")),
    ("山田太郎と佐藤花子", ("山田太郎", "佐藤花子")),
    ("取材・文＝山田太郎", ("山田太郎",)),
    ("(山田太郎)", ("山田太郎",)),
    ("김철수 인턴기자", ("김철수",)),
    ("글=김철수 기자", ("김철수",)),
    ("김철수 이영희 기자", ("김철수", "이영희")),
    ("[서울=뉴스] 김철수 기자", ("김철수",)),
    ("เรื่องโดย สมชาย ใจดี", ("สมชาย ใจดี",)),
    ("اعداد: محمد علي", ("محمد علي",)),
    ("القاهرة - محمد علي", ("محمد علي",)),
    ("محمد علي، مراسل الميناء", ("محمد علي",)),
    ("نویسنده: علی احمدی", ("علی احمدی",)),
    ("خبرنگار علی احمدی", ("علی احمدی",)),
    ("מאת: דנה לוי ויוסי כהן", ("דנה לוי", "יוסי כהן")),
    ("דנה לוי, כתבת הנמל", ("דנה לוי",)),
    ("सीता शर्मा, संवाददाता", ("सीता शर्मा",)),
    ("संवाददाता: सीता शर्मा", ("सीता शर्मा",)),
    ("নিজস্ব প্রতিবেদক", ()),
    ("রহিম উদ্দিন, ঢাকা", ("রহিম উদ্দিন",)),
    ("تحریر: احمد خان", ("احمد خان",)),
    ("Skrevet af Mette Holm, journalist", ("Mette Holm",)),
    ("Text: Anna Svensson | Foto: Erik Lund", ("Anna Svensson",)),
    ("Av: Anna Svensson", ("Anna Svensson",)),
    ("Toimittaja Matti Virtanen", ("Matti Virtanen",)),
    ("Szerző: Kovács Anna", ("Kovács Anna",)),
    ("Írta: Kovács Anna", ("Kovács Anna",)),
    ("Autorė Ona Kazlauskienė", ("Ona Kazlauskienė",)),
    ("Autor: Jan Novák, ČTK", ("Jan Novák",)),
    ("Piše: Ana Horvat", ("Ana Horvat",)),
    ("Scris de: Ana Ionescu", ("Ana Ionescu",)),
    ("Reuters, AFP", ("Reuters", "AFP")),
    ("AFP dan Antara", ("AFP", "Antara")),
    ("Jane Doe and agencies", ("Jane Doe",)),
    ("Jana Roth und dpa", ("Jana Roth",)),
    ("Jana Roth mit Agenturen", ("Jana Roth",)),
    ("Dewi Sari (Antara)", ("Dewi Sari",)),
]
LINES: list[tuple[str, tuple[str, ...]]] = [
    ("Oleh Suharto", ("Suharto",)),
    ("Por Tostão e Juca Moreira", ("Tostão", "Juca Moreira")),
    ("Par AFP", ("AFP",)),
    ("Του Νίκου Λάμπρου", ("Νίκου Λάμπρου",)),
    ("Της Μαρίας Παππά", ("Μαρίας Παππά",)),
    ("Ni Juan Cruz", ("Juan Cruz",)),
    ("Na Asha Mwangi na Juma Otieno", ("Asha Mwangi", "Juma Otieno")),
    ("Της νύχτας τα καμώματα τα βλέπει η μέρα", ()),
    ("Ni ng'ombe mmoja tu", ()),
    ("BY JANE DOE", ("JANE DOE",)),
    ("By: Jane Doe", ("Jane Doe",)),
    ("De Ana Ionescu", ("Ana Ionescu",)),
    ("Na Asha Mwangi", ("Asha Mwangi",)),
    ("Door Jan de Vries en Piet Bakker", ("Jan de Vries", "Piet Bakker")),
    ("Na lama yako tena", ()),
    ("Por la tarde salió el sol", ()),
    ("By noon the boats were in", ()),
    ("Von Montag an gilt der neue Plan", ()),
    ("Par ailleurs, la pluie revient", ()),
    ("Oleh karena itu kapal ditahan", ()),
]
TEXT = {
    "en": "The boats came in before noon, and the pilot said that nobody had seen such a sea since the spring.",
    "id": "Kapal-kapal itu masuk sebelum tengah hari, dan pandu mengatakan bahwa tidak ada yang melihat laut begitu.",
    "pt": "Os barcos entraram antes do meio-dia, e o prático disse que ninguém tinha visto um mar assim.",
    "de": "Die Boote kamen vor dem Mittag herein, und der Lotse sagte, dass niemand eine solche See gesehen hat.",
    "ja": "船は正午前に入港し、水先人は去年の春からこのような海を見た者はいないと話した。港は午後に作業を再開し、漁師らは岸壁で網を干した。",
    "hi": "नावें दोपहर से पहले बंदरगाह में आ गईं और पायलट ने कहा कि किसी ने ऐसा समुद्र नहीं देखा।",
    "vi": "Các con tàu vào cảng trước buổi trưa, và hoa tiêu nói rằng không ai thấy biển như vậy.",
}
PAGES: list[tuple[str, str, str, str, tuple[str, ...]]] = [
    ("id", "<p class=byline>Oleh <a href=/penulis/sutrisno>Sutrisno</a></p>", "", "a linked mononym", ("Sutrisno",)),
    ("id", "<div class=author>Sutrisno</div>", "", "a mononym in an element named so", ("Sutrisno",)),
    ("pt", "<span itemprop=author>Tostão</span>", "", "a mononym by microdata", ("Tostão",)),
    ("en", "<a rel=author href=/r>Ramesh</a>", "", "a mononym by relation", ("Ramesh",)),
    ("en", "<p>By Ramesh</p>", "", "a mononym in a bare line", ("Ramesh",)),
    ("id", "", "<p>Penulis: Sutrisno<br>Editor: Wulandari</p>", "mononyms in credit lines", ("Sutrisno",)),
    ("en", "<div class=author><a href=/u>Share</a></div>", "", "a button is nobody", ()),
    ("en", "<div class=author>Follow</div><p>By Jane Doe</p>", "", "a button before the byline", ("Jane Doe",)),
    ("en", "<div class=byline>By Staff Writer</div>", "", "a staff writer is nobody", ()),
    ("de", "<p class=autor>Von Jana Roth und Max Groß</p>", "", "two with a word between", ("Jana Roth", "Max Groß")),
    ("ja", "", "<p>（山田太郎）</p>", "a Japanese signature in brackets", ("山田太郎",)),
    ("hi", "<div class=author>लेखक: सीता शर्मा</div>", "", "a label in Hindi", ("सीता शर्मा",)),
    ("vi", "", "<p style='text-align:right'><strong>Nguyễn Văn An</strong></p>", "a Vietnamese signature", ("Nguyễn Văn An",)),
    ("en", "<p class=byline>JANE DOE <span>Staff Writer</span></p>", "", "capitals with a role", ("JANE DOE",)),
    ("en", "<ul class=authors><li>Jane Doe</li><li>John Roe</li></ul>", "", "a list", ("Jane Doe", "John Roe")),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "want"), NAMES)
def test_a_byline_of_any_country_becomes_names(raw: str, want: tuple[str, ...]) -> None:
    assert authors.names(raw) == want


@pytest.mark.parametrize(("line", "want"), LINES)
def test_a_sentence_that_begins_like_a_byline_is_none(line: str, want: tuple[str, ...]) -> None:
    assert authors.byline(line) == want


@pytest.mark.parametrize(
    ("language", "above", "below", "want"), [(*one[:3], one[4]) for one in PAGES], ids=[one[3] for one in PAGES]
)
def test_the_page_names_who_wrote(language: str, above: str, below: str, want: tuple[str, ...]) -> None:
    text = "".join(f"<p>{TEXT[language]} {mark}</p>" for mark in range(6))
    body = f"<main><article><h1>{TEXT[language][:20]}</h1>{above}<div>{text}</div>{below}</article></main>"
    html = f"<html lang={language}><head><title>{TEXT[language][:20]}</title></head><body>{body}</body></html>"
    story = read.story(Page.from_html(html, url="https://www.hafenbote.example/2026/05/04/4711"))
    assert story is not None
    assert story.authors == want

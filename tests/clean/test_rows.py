"""Rows of keywords on short pages, in languages and of trades that no rule names; and what only looks like a row."""

from random import Random

import pytest

from newscrawl.clean import sanitize_draft, sanitize_text
from newscrawl.model import Draft, Mark

TRADES = {
    "houses-en": "mold inspection quote|roof leak repair cost|gutter guard installers|basement waterproofing estimate|"
    "emergency drain unclogging|termite tenting price|septic pumping nearby|attic insulation rebate|"
    "foundation crack sealing|chimney sweep booking",
    "houses-tr": "petek temizleme fiyatları|su kaçağı tespiti ucuz|kombi servisi acil|tıkanıklık açma robotla|"
    "halı yıkama kapıdan|koltuk yıkama yerinde|boya badana ustası|evden eve nakliyat asansörlü|"
    "uydu tamircisi en yakın|klima montajı garantili",
    "papers-nl": "rijbewijs kopen zonder examen|theorie examen antwoorden|diploma bestellen anoniem|"
    "nep paspoort betrouwbaar|vals geld leverbaar|bsn nummer aanvragen snel|verblijfsvergunning regelen|"
    "autoverzekering zonder controle|kenteken laten maken|ontslagbrief laten schrijven",
    "houses-it": "noleggio furgoni senza carta|spurgo fognature urgente|serramenti economici offerta|"
    "fabbro pronto intervento|compro oro quotazione|traslochi preventivo gratuito|sgombero cantine gratis|"
    "pulizia divani domicilio|caldaie usate garantite|pannelli coibentati prezzi",
    "houses-uk": "ремонт пральних машин вдома|оренда генератора недорого|вікна від виробника|натяжні стелі акція|"
    "вивіз сміття терміново|евакуатор цілодобово|викуп авто дорого|буріння свердловин ціна|"
    "утеплення фасаду розрахунок|прибирання квартир замовити",
}
STORIES = {
    "es": (
        "El faro de Cabo Pardo vuelve a encenderse",
        "El faro de Cabo Pardo volvió a encenderse el viernes tras siete años de obras que costaron 2,3 millones de "
        "euros. Un centenar de vecinos subió a pie hasta la torre para verlo.",
        "La farera jubilada Elisa Montero, de 81 años, accionó la palanca. «Mi padre la engrasaba cada domingo», "
        "recordó.",
        "El ayuntamiento abrirá la casa anexa como albergue a partir de abril.",
    ),
    "sv": (
        "Biblioteksbåten når öarna igen",
        "Biblioteksbåten lade till vid Rödskär på tisdagen efter två vintrar vid kaj. Ombord finns fyra tusen böcker "
        "och en kaffebryggare som aldrig står still.",
        "Bibliotekarien Anna Lindqvist säger att kön var längre än någonsin. Regionen har lovat pengar i tre år till, "
        "sammanlagt 1,8 miljoner kronor.",
        "Nästa tur går till Norra Klovharun den 3 december.",
    ),
    "el": (
        "Το σχολείο της Ανάφης απέκτησε δεύτερο μαθητή",
        "Το δημοτικό σχολείο του ορεινού οικισμού άνοιξε φέτος με δύο μαθητές, ύστερα από έξι χρόνια με έναν. Η νέα "
        "οικογένεια ήρθε από την Καβάλα τον Αύγουστο.",
        "Η δασκάλα Μαρία Βλάχου λέει ότι τα παιδιά διαβάζουν πλέον μαζί. Ο δήμος ανακαίνισε την αίθουσα με 18.000 "
        "ευρώ.",
        "Το χειμώνα το λεωφορείο θα περνά δύο φορές την εβδομάδα.",
    ),
    "en": (
        "Village choir finds its lost hymn book",
        "A hymn book that vanished from the chapel at Brackenfell in 1953 has come home in a parcel without a sender. "
        "The verger found it on the step on Sunday.",
        'The choir, which has nine members, sang from it the same evening. "It still smells of the old stove," said '
        "Margaret Ives, who is 88.",
        "A museum in the county town has offered to scan its two hundred pages before Easter.",
    ),
}
GAP = "\n\n"


def phrases(trade: str, count: int) -> list[str]:
    known, dice, said = TRADES[trade].split("|"), Random(trade), list[str]()
    while len(said) < count:
        dice.shuffle(known)
        said += known
    return said[:count]


def rest(text: str, language: str) -> str:
    return sanitize_text(text, title=STORIES[language][0]).text


@pytest.mark.parametrize("language", sorted(STORIES))
@pytest.mark.parametrize("trade", sorted(TRADES))
def test_a_row_goes_from_a_short_page_wherever_it_stands(trade: str, language: str) -> None:
    _, *parts = STORIES[language]
    story = GAP.join(parts)
    nine, many = " ".join(phrases(trade, 9)), " ".join(phrases(trade, 14))
    assert rest(GAP.join([parts[0], nine, *parts[1:]]), language) == story
    assert rest(f"{many} {story}", language) == story
    assert rest(f"{story} {many}", language) == story
    assert rest(f"{' | '.join(phrases(trade, 24))}{GAP}{story}", language) == story


@pytest.mark.parametrize("language", sorted(STORIES))
@pytest.mark.parametrize("trade", sorted(TRADES))
def test_hashtags_that_are_phrases_go(trade: str, language: str) -> None:
    story = GAP.join(STORIES[language][1:])
    tags = " ".join("#" + one.replace(" ", "") for one in phrases(trade, 14))
    assert rest(f"{story}{GAP}{tags}", language) == story


def linked(lines: list[str], story: str, host: str) -> Draft:
    text, marks = "", []
    for at, line in enumerate(lines):
        attrs = {"href": f"https://x{at % 5}.{host}/", "host": f"x{at % 5}.{host}", "rel": ""}
        marks.append(Mark(start=len(text), end=len(text) + len(line), kind="link", attrs=attrs))
        text += line + GAP
    return Draft(text=text + story, marks=tuple(marks))


@pytest.mark.parametrize("language", sorted(STORIES))
@pytest.mark.parametrize("trade", sorted(TRADES))
def test_lines_that_are_links_to_other_sites_go(trade: str, language: str) -> None:
    title, *parts = STORIES[language]
    story = GAP.join(parts)
    draft = linked(phrases(trade, 10), story, "example.net")
    assert sanitize_draft(draft, title=title, url="https://news.example/a").text == story


FURTHER = {
    "titles": ["Hymns of the northern dales", "Chapels to let", "How paper ages", "Old stoves", "Singing in winter"],
    "own words": [
        "more on the hymn book",
        "the choir in 1953",
        "the museum",
        "opening hours",
        "how to get to the town",
    ],
}


@pytest.mark.parametrize("name", sorted(FURTHER))
def test_a_list_of_further_reading_elsewhere_is_no_row_of_keywords(name: str) -> None:
    title, *parts = STORIES["en"]
    draft = linked(FURTHER[name], GAP.join(parts), "archive.example")
    cleaned = sanitize_draft(draft, title=title, url="https://news.example/a")
    assert [one.text for one in cleaned.removals if one.rule.startswith("spam/")] == []


STAYS = {
    "tags": "#Brackenfell #HymnBook #ChapelChoir #LostAndFound #Dales #VillageLife #Singing #Easter #Museums",
    "small tags": "#brackenfell #hymnbook #choir #chapel #dales #lostandfound #singing #museum #easter",
    "birds": "great tit blue tit coal tit marsh tit house sparrow tree sparrow carrion crow hooded crow",
    "verse": "the rain came down upon the roofs and the gulls went home to the quay before the light was gone",
    "wares": "two chairs, a stove, four lamps, a box of candles, nine cassocks, a ladder, a bell rope, a broken lectern",
    "kept small": "brackenfell chapel was built by quarrymen in 1871 and has never had electric light or a telephone",
    "chorus": "Roll on river\nRoll on home\nRoll on river\nHome alone\nRoll on river\nRoll on home\nRoll on river\nHome",
    "foreign words": "«Tant qu'il y aura des étoiles sous la voûte des cieux», wrote someone inside the cover in pencil.",
}


@pytest.mark.parametrize("name", sorted(STAYS))
def test_what_only_looks_like_a_row_stays(name: str) -> None:
    title, *parts = STORIES["en"]
    cleaned = sanitize_text(GAP.join([*parts[:2], STAYS[name], *parts[2:]]), title=title)
    assert [one.text for one in cleaned.removals if one.rule.startswith("spam/")] == []


@pytest.mark.parametrize("brand", ["北京pk10", "赛车pk10"])
def test_a_name_written_onto_foreign_letters_goes_with_them(brand: str) -> None:
    _, *parts = STORIES["en"]
    row = f"彩票开奖结果 {brand} 亚洲必赢官网 网上赌场注册送彩金 {brand} 体育投注网站 真人百家乐"
    assert rest(GAP.join([parts[0], row, *parts[1:]]), "en") == GAP.join(parts)

"""Whole pages in many languages whose data, page title and headline disagree: which of them is the story's title."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from newscrawl import read
from newscrawl.model import Page

PARAGRAPHS = {
    "en": "The boats came in before noon, and the pilot said that nobody had seen such a sea since the spring of last year.",
    "de": "Die Boote kamen vor dem Mittag herein, und der Lotse sagte, dass seit dem Frühjahr niemand eine solche See gesehen hat.",
    "fr": "Les bateaux sont rentrés avant midi, et le pilote a dit que personne n'avait vu une telle mer depuis le printemps.",
    "es": "Los barcos entraron antes del mediodía, y el práctico dijo que nadie había visto un mar así desde la primavera.",
    "pt": "Os barcos entraram antes do meio-dia, e o prático disse que ninguém tinha visto um mar assim desde a primavera.",
    "it": "Le barche sono rientrate prima di mezzogiorno, e il pilota ha detto che nessuno aveva visto un mare così da mesi.",
    "id": "Kapal-kapal itu masuk sebelum tengah hari, dan pandu mengatakan bahwa tidak ada yang melihat laut seperti itu sejak lama.",
    "tr": "Tekneler öğleden önce limana girdi ve kılavuz kaptan, bahardan bu yana kimsenin böyle bir deniz görmediğini söyledi.",
    "pl": "Łodzie wpłynęły przed południem, a pilot powiedział, że od wiosny nikt nie widział tak wzburzonego morza.",
    "ru": "Лодки вошли в гавань до полудня, и лоцман сказал, что такого моря никто не видел с весны прошлого года.",
    "uk": "Човни зайшли до гавані до полудня, і лоцман сказав, що такого моря ніхто не бачив з весни минулого року.",
    "ar": "دخلت القوارب الميناء قبل الظهر، وقال المرشد إن أحدا لم ير بحرا كهذا منذ ربيع العام الماضي.",
    "fa": "قایق‌ها پیش از ظهر وارد بندر شدند و راهنما گفت که از بهار سال گذشته کسی چنین دریایی ندیده است.",
    "he": "הסירות נכנסו לנמל לפני הצהריים, והנתב אמר שאיש לא ראה ים כזה מאז האביב של השנה שעברה.",
    "hi": "नावें दोपहर से पहले बंदरगाह में आ गईं और पायलट ने कहा कि पिछले वसंत के बाद से किसी ने ऐसा समुद्र नहीं देखा।",
    "zh": "船只在中午之前进港，引航员说自从去年春天以来没有人见过这样的大海，港口当天下午恢复了作业。",
    "ja": "船は正午前に入港し、水先人は去年の春からこのような海を見た者はいないと話した。港は午後に作業を再開した。",
    "ko": "배들은 정오 전에 항구로 들어왔고, 도선사는 지난해 봄 이후 이런 바다를 본 사람이 없다고 말했다.",
    "th": "เรือเข้าเทียบท่าก่อนเที่ยง และผู้นำร่องกล่าวว่าไม่มีใครเห็นทะเลเช่นนี้มาตั้งแต่ฤดูใบไม้ผลิปีที่แล้ว",
    "vi": "Các con tàu vào cảng trước buổi trưa, và hoa tiêu nói rằng không ai thấy biển như vậy kể từ mùa xuân năm ngoái.",
    "el": "Τα πλοία μπήκαν στο λιμάνι πριν από το μεσημέρι, και ο πλοηγός είπε ότι κανείς δεν είχε δει τέτοια θάλασσα.",
    "sv": "Båtarna kom in före lunch, och lotsen sade att ingen hade sett ett sådant hav sedan våren förra året.",
}
LOGO = "<header class=masthead><a href=/><img src=/logo.svg alt=Logo></a></header>"
WHEN = '<time datetime="2026-05-04T10:00:00+00:00">4 May</time>'


def page(
    language: str,
    *,
    title: str = "",
    og: str = "",
    ld: str = "",
    site: str = "",
    top: str = "<h1>{h}</h1>",
    h: str = "",
    before: str = LOGO,
    after: str = "",
    inside: str = "",
    url: str = "https://www.hafenbote.example/2026/05/04/4711",
    meta: str = "",
) -> Page:
    head = f"<title>{title}</title>" if title else ""
    head += f'<meta property="og:title" content="{og}">' if og else ""
    head += f'<meta property="og:site_name" content="{site}">' if site else ""
    data = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "headline": ld})
    head += f'<script type="application/ld+json">{data}</script>' if ld else ""
    text = "".join(f"<p>{PARAGRAPHS[language]} {mark}</p>" for mark in ("", "1.", "2.", "3."))
    body = f"{before}<main><article>{top.format(h=h)}{WHEN}{inside}{text}</article></main>{after}"
    html = f"<html lang={language}><head>{head}{meta}</head><body>{body}</body></html>"
    return Page.from_html(html, url=url, fetched=datetime(2026, 5, 5, tzinfo=UTC))


EN = "Rain ends a long drought in the south"
DE = "Regen beendet die lange Dürre im Süden"
CASES: dict[str, tuple[Page, str]] = {
    "h1 is the logo, h2 the headline": (
        page("en", title=f"{EN} - The Harbour", top="<h2>{h}</h2>", h=EN, before="<header><h1>The Harbour</h1></header>"),
        EN,
    ),
    "h1 is a section, h2 the headline": (
        page("de", title=f"{DE} | Hafenbote", top="<h2 class=title>{h}</h2>", h=DE, before="<header><h1>Nachrichten</h1></header>"),
        DE,
    ),
    "two h1s: section and headline": (
        page("fr", title="La pluie met fin à la sécheresse — Le Port", h="La pluie met fin à la sécheresse", before="<h1>Économie</h1>"),
        "La pluie met fin à la sécheresse",
    ),
    "two h1s: headline and related": (
        page("es", title="La lluvia acaba con la sequía", h="La lluvia acaba con la sequía", after="<h1>Lo más leído</h1>"),
        "La lluvia acaba con la sequía",
    ),
    "h1 is the columnist, h2 the headline": (
        page("pt", title="A chuva e os que esperam por ela - O Porto", top="<h1>Ana Souza</h1><h2>{h}</h2>", h="A chuva e os que esperam por ela"),
        "A chuva e os que esperam por ela",
    ),
    "h1 asks for a newsletter": (
        page("en", title=f"{EN} | The Harbour", top="<h2>{h}</h2>", h=EN, after="<section class=newsletter><h1>Get our newsletter</h1></section>"),
        EN,
    ),
    "h1 hidden, for machines": (
        page("de", title=f"Dürre Süden Regen aktuell | {DE}", og=DE, top="<h1 style='display:none'>Dürre Süden Regen aktuell</h1><h2>{h}</h2>", h=DE),
        DE,
    ),
    "h1 hidden by name, h2 is the headline": (
        page("de", title="Dürre: Regen im Süden - Hafenbote", ld=DE, top="<h1 class=visually-hidden>Dürre: Regen im Süden</h1><h2>{h}</h2>", h=DE),
        DE,
    ),
    "a subtitle inside the h1, og has the headline": (
        page("it", og="La pioggia mette fine alla siccità", top="<h1>{h} <span class=subtitle>I contadini aspettavano da mesi</span></h1>", h="La pioggia mette fine alla siccità"),
        "La pioggia mette fine alla siccità",
    ),
    "a subtitle inside the h1, the page's title has the headline": (
        page("it", title="La pioggia mette fine alla siccità | Il Porto", top="<h1>{h} <span class=subtitle>I contadini aspettavano da mesi</span></h1>", h="La pioggia mette fine alla siccità"),
        "La pioggia mette fine alla siccità",
    ),
    "a subtitle by name, and nobody else tells": (
        page("it", title="Il Porto", top="<h1>{h} <span class=subtitle>I contadini aspettavano da mesi</span></h1>", h="La pioggia mette fine alla siccità", site="Il Porto"),
        "La pioggia mette fine alla siccità",
    ),
    "a live badge inside the h1": (
        page("en", title=f"{EN} - The Harbour", top="<h1><span class=live-badge>Live</span> {h}</h1>", h=EN),
        EN,
    ),
    "a subscriber's badge inside the h1": (
        page("de", title=f"{DE} - Hafenbote", top="<h1><span class=paid-badge>H+</span> {h}</h1>", h=DE),
        DE,
    ),
    "a section's link inside the h1": (
        page("sv", title="Regn bryter torkan i söder | Hamnbladet", top="<h1><a href=/vader class=section>Väder</a> {h}</h1>", h="Regn bryter torkan i söder"),
        "Regn bryter torkan i söder",
    ),
    "a time inside the h1": (
        page("pl", title="Deszcz kończy suszę na południu - Port", top="<h1>{h} <time datetime=2026-05-04>4 maja 2026</time></h1>", h="Deszcz kończy suszę na południu"),
        "Deszcz kończy suszę na południu",
    ),
    "og shortened with an ellipsis": (
        page("pl", og="Deszcz kończy suszę na południu, rolnicy…", h="Deszcz kończy suszę na południu, rolnicy liczą straty"),
        "Deszcz kończy suszę na południu, rolnicy liczą straty",
    ),
    "og shortened within a word": (
        page("en", og="Rain ends a long drought in the south, and the far...", h=EN + ", and the farmers count their losses"),
        EN + ", and the farmers count their losses",
    ),
    "og shortened without a sign": (
        page("en", og="Rain ends a long drought in the south, and the far", h=EN + ", and the farmers count their losses", ld=EN + ", and the farmers count their losses"),
        EN + ", and the farmers count their losses",
    ),
    "JSON-LD cut at 110 characters": (
        page("en", ld=(EN + ", and the farmers who had waited since the spring of last year count what is left of it")[:107] + "...", h=EN + ", and the farmers who had waited since the spring of last year count what is left of it all now"),
        EN + ", and the farmers who had waited since the spring of last year count what is left of it all now",
    ),
    "og with a prefix for films": (page("en", og=f"Watch: {EN}", h=EN), EN),
    "og with a prefix in capitals": (page("de", og=f"EILMELDUNG +++ {DE}", h=DE, title=f"{DE} - Hafenbote"), DE),
    "og is the site's motto": (
        page("tr", og="Liman Haber - Son dakika haberleri", title="Güneydeki kuraklığı yağmur bitirdi - Liman Haber", h="Güneydeki kuraklığı yağmur bitirdi"),
        "Güneydeki kuraklığı yağmur bitirdi",
    ),
    "og is the section's name": (
        page("tr", og="Ekonomi", title="Güneydeki kuraklığı yağmur bitirdi - Liman Haber", h="Güneydeki kuraklığı yağmur bitirdi"),
        "Güneydeki kuraklığı yağmur bitirdi",
    ),
    "the site's name in another script": (
        page("ru", title="Дождь закончил засуху на юге | Portovy Vestnik", url="https://portovy-vestnik.example/news/88", top="<h2>{h}</h2>", h=""),
        "Дождь закончил засуху на юге",
    ),
    "the site's name in another script, first": (
        page("uk", title="Portovyi Visnyk: Дощ закінчив посуху на півдні", h="Дощ закінчив посуху на півдні"),
        "Дощ закінчив посуху на півдні",
    ),
    "brand in Latin behind Arabic": (
        page("ar", title="المطر ينهي الجفاف في الجنوب | AlMina News", og="المطر ينهي الجفاف في الجنوب | AlMina News", h="", top="", url="https://www.almina.example/a/1"),
        "المطر ينهي الجفاف في الجنوب",
    ),
    "Persian with joiners and a brand": (
        page("fa", title="باران به خشک‌سالی جنوب پایان داد - خبرگزاری بندر", site="خبرگزاری بندر", h="باران به خشک‌سالی جنوب پایان داد"),
        "باران به خشک‌سالی جنوب پایان داد",
    ),
    "Hebrew with a section and a brand": (
        page("he", title="הגשם סיים את הבצורת בדרום - מזג אוויר - עיתון הנמל", h="הגשם סיים את הבצורת בדרום"),
        "הגשם סיים את הבצורת בדרום",
    ),
    "a legitimate colon": (page("de", og="Nach der Dürre: Regen im Süden", title="Nach der Dürre: Regen im Süden | Hafenbote", h="Nach der Dürre: Regen im Süden"), "Nach der Dürre: Regen im Süden"),
    "a legitimate dash": (
        page("fr", og="La pluie revient – et avec elle les questions", title="La pluie revient – et avec elle les questions - Le Port", h="La pluie revient – et avec elle les questions"),
        "La pluie revient – et avec elle les questions",
    ),
    "a legitimate bar, and only the page's title": (
        page("en", title="Rain | Wind | Sun: what the week brings", top="", h=""),
        "Rain | Wind | Sun: what the week brings",
    ),
    "a legitimate colon in only the page's title, with the brand": (
        page("id", title="Hujan Akhiri Kekeringan: Petani Menunggu - Hafenbote", top="", h=""),
        "Hujan Akhiri Kekeringan: Petani Menunggu",
    ),
    "section and brand behind, told by the address": (
        page("en", title=f"{EN} - Weather - Hafenbote", top="", h="", url="https://www.hafenbote.example/weather/rain-4711"),
        EN,
    ),
    "section and brand behind, told by a tag": (
        page("es", title="La lluvia acaba con la sequía | Clima | Hafenbote", top="", h="", meta='<meta property="article:section" content="Clima">'),
        "La lluvia acaba con la sequía",
    ),
    "Chinese with underscores": (
        page("zh", title="雨终于来了，南方旱情结束_要闻_海港网", h="雨终于来了，南方旱情结束", site="海港网"),
        "雨终于来了，南方旱情结束",
    ),
    "Japanese with brackets of its own": (
        page("ja", og="「雨だ」南部の干ばつ終わる｜港新聞", h="「雨だ」南部の干ばつ終わる", site="港新聞"),
        "「雨だ」南部の干ばつ終わる",
    ),
    "Korean with a path of sections": (
        page("ko", title="남부 가뭄 끝낸 비 < 사회 < 뉴스 < 기사본문 - 항구일보", h="남부 가뭄 끝낸 비", top="<h3 class=heading>{h}</h3>"),
        "남부 가뭄 끝낸 비",
    ),
    "Thai with the brand before": (page("th", title="ข่าวท่าเรือ : ฝนตกหนักภาคใต้ ยุติภัยแล้ง", site="ข่าวท่าเรือ", top="", h=""), "ฝนตกหนักภาคใต้ ยุติภัยแล้ง"),
    "Vietnamese, og without accents": (
        page("vi", og="Mua cham dut han han o mien Nam", title="Mưa chấm dứt hạn hán ở miền Nam - Báo Cảng", h="Mưa chấm dứt hạn hán ở miền Nam"),
        "Mưa chấm dứt hạn hán ở miền Nam",
    ),
    "Hindi with its own full stop": (page("hi", og="दक्षिण में बारिश से सूखा खत्म। | बंदरगाह समाचार", h="दक्षिण में बारिश से सूखा खत्म।"), "दक्षिण में बारिश से सूखा खत्म।"),
    "Greek, h1 with a lone kicker line": (
        page("el", og="Η βροχή τερμάτισε την ξηρασία", top="<h1><em>Καιρός</em><br>{h}</h1>", h="Η βροχή τερμάτισε την ξηρασία"),
        "Η βροχή τερμάτισε την ξηρασία",
    ),
    "Indonesian, a page's number": (
        page("id", title="Hujan Akhiri Kekeringan di Selatan - Halaman 2 - Hafenbote", og="Hujan Akhiri Kekeringan di Selatan - Halaman 2", h="Hujan Akhiri Kekeringan di Selatan"),
        "Hujan Akhiri Kekeringan di Selatan",
    ),
    "soft hyphens for the line": (page("de", og="", h="Wetter&shy;dienst meldet das Ende der Trocken&shy;heit"), "Wetterdienst meldet das Ende der Trockenheit"),
    "markup inside the data": (page("en", og="Rain &lt;em&gt;ends&lt;/em&gt; a long drought in the south", h="Rain <em>ends</em> a long drought in the south"), EN),
    "three titles, the visible one is the headline": (
        page("en", og="You will not believe what the sky did to these fields", ld="Drought south rain weather forecast May 2026", title="Drought south rain weather forecast May 2026 | The Harbour", h=EN),
        EN,
    ),
    "data and h2 agree, h1 in the breadcrumb is for machines": (
        page("de", og="Regen Süden Dürre: Was man jetzt wissen muss", ld=DE, title="Regen Süden Dürre: Was man jetzt wissen muss", before=LOGO + "<nav aria-label=breadcrumb><ol><li><a href=/wetter>Wetter</a></li><li><h1>Regen Süden Dürre: Was man jetzt wissen muss</h1></li></ol></nav>", top="<h2>{h}</h2>", h=DE),
        DE,
    ),
    "h1 and og agree, the page's title is for machines": (
        page("en", og=EN, h=EN, ld="Drought south rain weather forecast May 2026", title="Drought south rain weather forecast May 2026"),
        EN,
    ),
}  # fmt: skip


@pytest.mark.parametrize("make", CASES)
def test_the_title_is_the_headline_that_a_reader_sees(make: str) -> None:
    found, want = CASES[make]
    story = read.story(found)
    assert story is not None
    assert story.title == want


def test_the_pages_are_of_many_languages() -> None:
    pages = [one for one, _ in CASES.values()]
    assert len(pages) >= 40
    assert len(PARAGRAPHS) >= 20

"""Headlines as pages dress them: with the site's name, sections, kickers, emoji, logos, in many scripts."""

from __future__ import annotations

import json

import pytest

from newscrawl import read
from newscrawl.model import Page

TEXT = "".join(
    f"<p>Paragraph {number} tells of the harbour, the boats that came in, and what the pilot said about the weather.</p>"
    for number in range(1, 6)
)
H = "Rain ends a long drought in the south"
PAPER = "The Daily Coast Messenger"
SEPARATORS = (
    " | ", " - ", " – ", " — ", " :: ", " : ", " · ", " • ", " » ", " « ", " ~ ", " / ", " › ", " > ", " ⋆ ", " ▷ ", " ★ ", " ‹ ", " // ", " || ", "｜", "：", "|", " ◆ ", " ● ", " ❘ ", " ❯ ", " ∙ ", " ‧ ", " ∣ ", " :\u200b: ", " ╽ ", " → ", " ¦ ", " _ ", " = ",
)  # fmt: skip
CASES: list[tuple[dict[str, str], str]] = [
    ({"title": f"{H} (Hafenbote)", "og": f"{H} (Hafenbote)"}, H),
    ({"og": f"🌧️ {H}", "h1": H}, H),
    ({"og": f"{H} 🔥", "h1": H}, H),
    ({"og": f"BREAKING: {H}", "h1": H}, H),
    ({"og": f"🔴 LIVE {H}", "h1": H}, H),
    ({"og": H + " …", "h1": H}, H),
    ({"og": H[:30] + "…", "h1": H, "title": H + " | Hafenbote"}, H),
    ({"og": H[:30] + "...", "ld": H}, H),
    ({"og": H.upper(), "h1": H, "ld": H}, H),
    ({"h1": H.upper(), "og": H}, H),
    ({"h1": "Hafenbote", "og": "", "title": f"{H} | Hafenbote"}, H),
    (
        {
            "pre": "<header><h1><a href='/'><img alt='Hafenbote' src=/l.png></a></h1></header>",
            "title": f"{H} | Hafenbote",
            "h1": "",
        },
        H,
    ),
    (
        {
            "pre": "<header><h1><a href='/'>Der Hafenbote aus dem Norden</a></h1></header><h2>" + H + "</h2>",
            "title": f"{H}",
        },
        H,
    ),
    ({"pre": "<header><h1 class=logo>Hafenbote</h1></header>", "h1": H}, H),
    ({"h1": f"<span class=kicker>Weather</span> {H}", "og": H}, H),
    ({"h1": f"<span class=kicker>Weather</span><span class=headline>{H}</span>", "title": H + " - Hafenbote"}, H),
    ({"h1": f"<small>Weather</small><br>{H}", "title": f"Weather: {H} | Hafenbote"}, "Weather: " + H),
    ({"og": f"Weather | {H}", "h1": H}, H),
    ({"og": f"{H} | Weather", "h1": H}, H),
    ({"og": f"{H} | By Jane Doe", "h1": H}, H),
    ({"og": f"{H} - Jane Doe", "h1": H}, H),
    ({"og": "Hafenbote", "h1": H, "title": H}, H),
    ({"og": "Home", "h1": H, "title": H}, H),
    ({"og": "hafenbote.example", "h1": H}, H),
    ({"og": "", "title": "Hafenbote", "h1": H}, H),
    ({"og": "Untitled", "title": "Untitled", "h1": H}, H),
    ({"og": "", "title": f"{H}", "h1": ""}, H),
    ({"og": f"{H} - Hafenbote.example", "h1": ""}, H),
    ({"og": f"{H} | hafenbote.example", "h1": ""}, H),
    ({"og": f"{H} | www.hafenbote.example", "h1": ""}, H),
    ({"og": f"{H} | Hafenbote Online", "h1": ""}, H),
    ({"og": f"{H} | HB", "site": "HB", "h1": ""}, H),
    ({"og": f"{H} | HB", "h1": H}, H),
    ({"og": f"{H} [Video]", "h1": H}, H),
    ({"og": f"{H} [PHOTOS]", "h1": H}, H),
    ({"og": f"{H} - video", "h1": H}, H),
    ({"og": f"Opinion | {H}", "h1": H}, H),
    ({"og": f"{H} &amp;amp; more", "h1": H + " &amp; more"}, H + " & more"),
    (
        {"og": "Rain &amp;#8211; ends it all, says the pilot", "h1": "Rain – ends it all, says the pilot"},
        "Rain – ends it all, says the pilot",
    ),
    (
        {
            "og": "Rain: A drought ends - and the farmers wait",
            "h1": "Rain: A drought ends - and the farmers wait",
            "title": "Rain: A drought ends - and the farmers wait - Hafenbote",
        },
        "Rain: A drought ends - and the farmers wait",
    ),
    ({"title": "Spider-Man returns - to the delight of all"}, "Spider-Man returns - to the delight of all"),
    (
        {"title": "Who wins: Hafenbote readers decide on the mayor | Hafenbote"},
        "Who wins: Hafenbote readers decide on the mayor",
    ),
    (
        {"title": "Hafenbote wins prize for its report on the harbour"},
        "Hafenbote wins prize for its report on the harbour",
    ),
    (
        {"title": "雨终于来了，旱情结束_新闻中心_海港网", "h1": "雨终于来了，旱情结束", "lang": "zh"},
        "雨终于来了，旱情结束",
    ),
    ({"title": "雨终于来了，旱情结束_海港网", "site": "海港网", "lang": "zh"}, "雨终于来了，旱情结束"),
    ({"title": "雨终于来了，旱情结束-海港网", "site": "海港网", "lang": "zh"}, "雨终于来了，旱情结束"),
    ({"title": "雨终于来了，旱情结束 - 海港网", "h1": "雨终于来了，旱情结束", "lang": "zh"}, "雨终于来了，旱情结束"),
    ({"title": "干ばつ終わる　南部で大雨：港新聞", "site": "港新聞", "lang": "ja"}, "干ばつ終わる 南部で大雨"),
    (
        {"title": "干ばつ終わる　南部で大雨 - 港新聞デジタル", "site": "港新聞デジタル", "lang": "ja"},
        "干ばつ終わる 南部で大雨",
    ),
    (
        {
            "title": "干ばつ終わる　南部で大雨（港新聞） - ポータルニュース",
            "site": "ポータルニュース",
            "h1": "干ばつ終わる　南部で大雨",
            "lang": "ja",
        },
        "干ばつ終わる 南部で大雨",
    ),
    (
        {"title": "【速報】干ばつ終わる　南部で大雨", "h1": "【速報】干ばつ終わる　南部で大雨", "lang": "ja"},
        "【速報】干ばつ終わる 南部で大雨",
    ),
    ({"title": "남부 가뭄 끝낸 비 :: 항구일보", "site": "항구일보", "lang": "ko"}, "남부 가뭄 끝낸 비"),
    (
        {
            "title": "남부 가뭄 끝낸 비 < 사회 < 기사본문 - 항구일보",
            "h1": "남부 가뭄 끝낸 비",
            "site": "항구일보",
            "lang": "ko",
        },
        "남부 가뭄 끝낸 비",
    ),
    ({"title": "남부 가뭄 끝낸 비-항구일보", "site": "항구일보", "lang": "ko"}, "남부 가뭄 끝낸 비"),
    (
        {"title": "المطر ينهي الجفاف في الجنوب | صحيفة الميناء", "site": "صحيفة الميناء", "lang": "ar"},
        "المطر ينهي الجفاف في الجنوب",
    ),
    (
        {"title": "المطر ينهي الجفاف في الجنوب - صحيفة الميناء", "h1": "المطر ينهي الجفاف في الجنوب", "lang": "ar"},
        "المطر ينهي الجفاف في الجنوب",
    ),
    (
        {"title": "صحيفة الميناء - المطر ينهي الجفاف في الجنوب", "h1": "المطر ينهي الجفاف في الجنوب", "lang": "ar"},
        "المطر ينهي الجفاف في الجنوب",
    ),
    ({"title": "ฝนตกหนักภาคใต้ ยุติภัยแล้ง | ข่าวท่าเรือ", "site": "ข่าวท่าเรือ", "lang": "th"}, "ฝนตกหนักภาคใต้ ยุติภัยแล้ง"),
    ({"title": "ฝนตกหนักภาคใต้ ยุติภัยแล้ง : ข่าวท่าเรือ", "h1": "ฝนตกหนักภาคใต้ ยุติภัยแล้ง", "lang": "th"}, "ฝนตกหนักภาคใต้ ยุติภัยแล้ง"),
    (
        {"title": "Дождь закончил засуху на юге — Портовый вестник", "site": "Портовый вестник", "lang": "ru"},
        "Дождь закончил засуху на юге",
    ),
    (
        {
            "title": "Дождь закончил засуху на юге: Новости региона: Портовый вестник",
            "h1": "Дождь закончил засуху на юге",
            "site": "Портовый вестник",
            "lang": "ru",
        },
        "Дождь закончил засуху на юге",
    ),
    (
        {"title": "गर्मी के बाद बारिश से राहत - बंदरगाह समाचार", "site": "बंदरगाह समाचार", "lang": "hi"},
        "गर्मी के बाद बारिश से राहत",
    ),
    (
        {"title": "הגשם סיים את הבצורת בדרום | עיתון הנמל", "site": "עיתון הנמל", "lang": "he"},
        "הגשם סיים את הבצורת בדרום",
    ),
    (
        {
            "title": "Η βροχή τερμάτισε την ξηρασία | Εφημερίδα του Λιμανιού",
            "site": "Εφημερίδα του Λιμανιού",
            "lang": "el",
        },
        "Η βροχή τερμάτισε την ξηρασία",
    ),
    (
        {
            "title": "Hujan Akhiri Kekeringan di Selatan - Halaman all - Pelabuhan.com",
            "h1": "Hujan Akhiri Kekeringan di Selatan",
            "site": "Pelabuhan.com",
            "lang": "id",
        },
        "Hujan Akhiri Kekeringan di Selatan",
    ),
    (
        {
            "title": "Hujan Akhiri Kekeringan di Selatan Halaman 1 - Pelabuhan.com",
            "h1": "Hujan Akhiri Kekeringan di Selatan",
            "site": "Pelabuhan.com",
            "lang": "id",
        },
        "Hujan Akhiri Kekeringan di Selatan",
    ),
    ({"ld": "Something quite different about other matters", "og": H, "h1": H}, H),
    ({"ld": H, "og": H, "h1": "Something quite different about other matters"}, H),
    ({"ld": H + " - Hafenbote", "og": "", "h1": H}, H),
    ({"ld": "undefined", "og": "undefined", "h1": H}, H),
    ({"ld": H, "og": "{{title}}", "h1": H}, H),
    ({"ld": H, "og": "%title%", "h1": H}, H),
    ({"h1": H + " <a href=#c>12 Comments</a>", "og": H}, H),
    ({"h1": H, "og": f"Hafenbote on X: {H}"}, H),
    ({"h1": H + "<br><span>The boats came in late</span>", "og": H}, H),
    ({"og": "", "title": f"{H} – News – Hafenbote – Seite 2", "h1": H}, H),
]


def page(
    title: str = "", og: str = "", h1: str = "", ld: str = "", site: str = "", pre: str = "", lang: str = "en"
) -> Page:
    head = f"<title>{title}</title>" if title else ""
    head += f'<meta property="og:title" content="{og}">' if og else ""
    head += f'<meta property="og:site_name" content="{site}">' if site else ""
    data = json.dumps({"@type": "NewsArticle", "headline": ld})
    head += f'<script type="application/ld+json">{data}</script>' if ld else ""
    shown = f"<h1>{h1}</h1>" if h1 else ""
    html = f"<html lang={lang}><head>{head}</head><body>{pre}<article>{shown}{TEXT}</article></body></html>"
    return Page.from_html(html, url="https://www.hafenbote.example/2026/a-story")


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize(
    "fields",
    [
        {"title": f"{H}@Hafenbote"},
        {"title": f"Hafenbote@{H}"},
        {"title": f"{H}@Economy@Hafenbote", "h1": H},
        {"title": f"{H}@{PAPER}", "site": PAPER},
        {"og": f"{H}@{PAPER}", "h1": H},
    ],
)
def test_whatever_sets_off_the_site_name_it_goes(fields: dict[str, str], separator: str) -> None:
    found = read.story(page(**{name: value.replace("@", separator) for name, value in fields.items()}))
    assert found is not None
    assert found.title == H


@pytest.mark.parametrize(("fields", "want"), CASES)
def test_the_headline_is_the_storys_own(fields: dict[str, str], want: str) -> None:
    found = read.story(page(**fields))
    assert found is not None
    assert found.title == want

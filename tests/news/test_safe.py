"""Nothing that is written into news runs in a reader's browser."""

import re
from io import BytesIO

import pytest

from app.base.markup import to_html
from app.queries import news, newsroom
from tests.cast import Cast
from tests.news.newsroom import PNG, form, number_in

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example)",
    '[x](https://e.uz/"onmouseover="alert(1))',
    '![x](1" onerror="alert(1))',
    '![" onerror="alert(1)](1)',
    "**<svg/onload=alert(1)>**",
    "## <iframe src=https://evil.example></iframe>",
    "> <style>*{display:none}</style>",
    "- &lt;script&gt;alert(1)&lt;/script&gt;",
    "https://e.uz/<script>alert(1)</script>",
    "<a href='vbscript:x'>x</a>",
    "</article></main><form action=/sign-out method=post><button>Read</button></form>",
]
_RUNS = re.compile(r"<(?!/?(p|br|h3|ul|ol|li|blockquote|b|i|a|img)\b)[a-z!/]|\son\w+\s*=\s*[\"']?\w", re.IGNORECASE)


@pytest.mark.clause("8.5")
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_text_becomes_only_plain_tags(attack: str) -> None:
    html = to_html(attack, {1: "/me/news/files/x"})
    tags = re.findall(r"<[^>]*>", html)
    assert not [tag for tag in tags if _RUNS.search(tag)], html
    for link in re.findall(r'(?:href|src)="([^"]*)"', html):
        assert link.startswith(("https://", "/me/news/files/")), html


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("attack", ATTACKS[:2] + ATTACKS[-1:])
def test_no_field_of_news_runs_on_any_page(cast: Cast, attack: str) -> None:
    number = number_in(cast.botir.browser.post("/office/news/new", form(attack, attack, must_read="y")).location)
    pages = [cast.aziza.browser.get(url).text for url in ("/chats", f"/me/news/{number}", "/me/notifications")]
    office = ("/office/news", f"/office/news/{number}", f"/office/news/{number}/edit")
    pages += [cast.botir.browser.get(url).text for url in office]
    pages.append(cast.botir.browser.post("/office/news/new", form(attack, attack, do="preview")).text)
    cast.botir.browser.post(f"/office/news/{number}/remind")
    pages.append(cast.aziza.browser.get("/me/bell/list").text)
    assert not [page for page in pages if attack in page]


@pytest.mark.usefixtures("context")
def test_a_picture_is_shown_and_a_page_is_only_saved(cast: Cast) -> None:
    files = [(BytesIO(PNG), "Схема.png"), (BytesIO(b"<html><script>alert(1)</script></html>"), "x.html")]
    answer = cast.botir.browser.post("/office/news/new", form(files=files), content_type="multipart/form-data")
    number = number_in(answer.location)
    picture, page = news.files(number)
    shown, saved = cast.aziza.browser.get(picture.url), cast.aziza.browser.get(page.url)
    assert (shown.status_code, shown.headers["Content-Type"], shown.data) == (200, "image/png", PNG)
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert f'src="{picture.url}"' in cast.aziza.browser.get(f"/me/news/{number}").text
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.usefixtures("context")
def test_a_program_is_refused(cast: Cast) -> None:
    sent = form(files=[(BytesIO(b"MZ" + bytes(100)), "update.exe")])
    answer = cast.botir.browser.post("/office/news/new", sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert newsroom.everything() == []


@pytest.mark.usefixtures("context")
def test_a_file_is_only_for_those_the_news_is_for(cast: Cast) -> None:
    sent = form(do="save", files=[(BytesIO(PNG), "a.png")])
    answer = cast.botir.browser.post("/office/news/new", sent, content_type="multipart/form-data")
    (kept,) = news.files(number_in(answer.location))
    assert cast.aziza.browser.get(kept.url).status_code == 404
    assert cast.kamola.browser.get(kept.url).status_code == 200


@pytest.mark.usefixtures("context")
def test_a_picture_stands_where_its_sign_is(cast: Cast) -> None:
    sent = form(text="До\n\n![план](1)\n\nПосле", files=[(BytesIO(PNG), "a.png")])
    answer = cast.botir.browser.post("/office/news/new", sent, content_type="multipart/form-data")
    number = number_in(answer.location)
    (kept,) = news.files(number)
    page = cast.aziza.browser.get(f"/me/news/{number}").text
    assert page.count(f'src="{kept.url}"') == 1
    assert page.index("До") < page.index(kept.url) < page.index("После")
    without = form(text="Без картинки", do="save", without="1")
    cast.botir.browser.post(f"/office/news/{number}/edit", without)
    assert news.files(number) == [] and cast.aziza.browser.get(kept.url).status_code == 404

"""Pages: opening, going there, tabs, messages, files, scripts, tables, pictures."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from web_site import Site

from exekra.activities.browser import (
    acting,
    capturing,
    files,
    navigation,
    opening,
    reading,
    scripts,
    tables,
    tabs,
    waiting,
)
from exekra.activities.browser.errors import (
    BrowserLostError,
    BrowserNotStartedError,
    NavigationFailedError,
    PageTimedOutError,
    ScriptFailedError,
    TabMissingError,
)
from exekra.activities.browser.programs import program
from exekra.activities.browser.session import Browser, public_address
from exekra.activities.disk import FileExistsAlreadyError, FileMissingError
from exekra.sdk.errors import InputError
from exekra.sdk.selector import Selector
from exekra.testing.context import FakeContext

pytestmark = pytest.mark.asyncio(loop_scope="module")


def at(text: str) -> Selector:
    return Selector.parse(text)


async def go(context: FakeContext, browser: Browser, url: str) -> navigation.PageShown:
    return await navigation.navigate(context, browser=browser, url=url)


async def test_going_there_and_back(context: FakeContext, browser: Browser, site: Site) -> None:
    first, second = site.page("<p>1</p>", "/first"), site.page("<title>Second</title>", "/second")
    assert (await go(context, browser, first)).status == 200
    await go(context, browser, second)
    assert (await navigation.back(context, browser=browser)).url == first
    assert (await navigation.forward(context, browser=browser)).url == second
    assert (await navigation.reload(context, browser=browser)).url == second
    assert (await navigation.get_page(context, browser=browser)).title == "Test"
    with pytest.raises(NavigationFailedError, match="There is no page to go forward to"):
        await navigation.forward(context, browser=browser)


async def test_pages_that_cannot_be_shown(context: FakeContext, browser: Browser, site: Site) -> None:
    with pytest.raises(NavigationFailedError, match=r"/none answered 404 Not Found\."):
        await go(context, browser, f"{site.url}/none?token=secret")
    shown = await navigation.navigate(context, browser=browser, url=f"{site.url}/none", fail_on_error_status=False)
    assert shown.status == 404
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(NavigationFailedError, match="the server refuses the connection"):
        await go(context, browser, f"http://127.0.0.1:{port}/")
    with pytest.raises(NavigationFailedError, match="the server does not speak HTTPS there"):
        await go(context, browser, site.url.removeprefix("http://"))
    with pytest.raises(NavigationFailedError, match=r"^http://\[x is not a valid URL\.$"):
        await go(context, browser, "http://anna:pw@[x?token=1")
    with pytest.raises(NavigationFailedError, match="it is a download"):
        await go(context, browser, site.file(b"x", "/file.bin", Content_Type="application/octet-stream"))
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(NavigationFailedError, match=r"was not loaded within 0\.3 s"),
    ):
        await navigation.navigate(
            context, browser=browser, url=f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.3
        )


@pytest.mark.parametrize(
    "url", ["ftp://example.com/x", "javascript:alert(1)", "no url", "mailto:a@example.com", "none.html", "./none.html"]
)
async def test_what_is_no_address(context: FakeContext, browser: Browser, url: str) -> None:
    with pytest.raises(InputError):
        await go(context, browser, url)


async def test_addresses_as_people_write_them(context: FakeContext) -> None:
    assert navigation.address(context, "example.com/a?b=c d") == "https://example.com/a?b=c d"
    assert navigation.address(context, " localhost:8080/x ") == "https://localhost:8080/x"
    (context.work_folder / "page.html").write_text("<p>")
    assert navigation.address(context, "page.html").startswith("file:")
    assert public_address("data:text/html,secret") == "data:"
    assert public_address("https://anna:pw@example.com/a?token=1#x") == "https://example.com/a"


async def test_tabs(context: FakeContext, browser: Browser, site: Site) -> None:
    other = site.page("<title>Other</title><p>other", "/other")
    await go(context, browser, site.page(f"<a id=l target=_blank href='{other}'>open</a>"))
    await acting.click(context, browser=browser, target=at("#l"))
    assert (await tabs.switch_tab(context, browser=browser)).url == other
    assert (await reading.get_text(context, browser=browser, target=at("css=p"))).text == "other"
    assert (await tabs.switch_tab(context, browser=browser, number=1)).url == f"{site.url}/"
    assert (await tabs.switch_tab(context, browser=browser, url="*/OTHER")).number == 2
    listed = await tabs.list_tabs(browser=browser)
    assert [(tab["number"], tab["current"]) for tab in listed.tabs] == [(1, False), (2, True)]
    with pytest.raises(TabMissingError, match=r"There is no tab number 5\. The open tabs: 1: Test, 2: Test"):
        await tabs.switch_tab(context, browser=browser, number=5, timeout=0)
    await tabs.close_tab(context, browser=browser)
    assert (await tabs.new_tab(context, browser=browser, url=other)).number == 2
    with pytest.raises(TabMissingError, match="There is no tab that no step has worked on"):
        await tabs.switch_tab(context, browser=browser, timeout=0.1)
    for _ in range(2):
        await tabs.close_tab(context, browser=browser)
    with pytest.raises(BrowserLostError, match="tab that the steps work on was closed"):
        await navigation.get_page(context, browser=browser)


@pytest.mark.parametrize(
    ("name", "value"), [("locale", "zz_??"), ("time_zone", "Mars"), ("proxy", "no proxy"), ("user_agent", "a\nb")]
)
async def test_what_a_browser_cannot_be_opened_with(context: FakeContext, name: str, value: str) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(InputError, match=f"`{name}` is not valid"):
        await opening.open_browser(context, **options)


async def test_a_page_that_leads_on(context: FakeContext, browser: Browser, site: Site) -> None:
    last = site.page("<title>Last</title>", "/last")
    first = site.page(f"<script>onload = () => setTimeout(() => {{ location = '{last}' }}, 0)</script>", "/first")
    for _ in range(5):
        assert (await go(context, browser, first)).status == 200
        await waiting.wait_for_url(context, browser=browser, url=last, timeout=10)


async def test_tabs_of_a_browser_that_is_gone(context: FakeContext, site: Site) -> None:
    browser = (await opening.open_browser(context, url=site.page("<p>x</p>"))).browser
    await browser.context.close()
    with pytest.raises(BrowserLostError):
        await tabs.new_tab(context, browser=browser)
    assert (await tabs.list_tabs(browser=browser)).count == 0
    with pytest.raises(TabMissingError, match="The open tabs: none"):
        await tabs.switch_tab(context, browser=browser, number=1, timeout=0)
    await browser.close()


async def test_a_step_that_is_stopped_while_the_driver_starts_leaves_no_program(context: FakeContext) -> None:
    def programs() -> set[Path]:
        return {one for one in Path("/proc").glob("[0-9]*") if _parent(one) == os.getpid()}

    before = programs()
    for seconds in (0.0, 0.05, 0.2):
        task = asyncio.ensure_future(opening.open_browser(context))
        await asyncio.sleep(seconds)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await asyncio.sleep(0.2)
    assert programs() <= before


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


async def test_messages_never_stop_a_page(context: FakeContext, browser: Browser, site: Site) -> None:
    await go(context, browser, site.page(
        "<button id=b onclick='document.title = `${confirm(\"Sure?\")} ${prompt(\"Name?\")}`'>x</button>"))  # fmt: skip
    await acting.click(context, browser=browser, target=at("#b"))
    assert (await navigation.get_page(context, browser=browser)).title == "false null"
    assert context.warnings[0] == "The page showed a message, which was dismissed: Sure?"
    opening.answer_dialogs(browser=browser, answer="accept", text="Anna")
    await acting.click(context, browser=browser, target=at("#b"))
    assert (await navigation.get_page(context, browser=browser)).title == "true Anna"
    assert len(context.warnings) == 2


async def test_a_page_that_asks_before_it_is_left_gives_no_warning(
    context: FakeContext, browser: Browser, site: Site
) -> None:
    asking = "<button id=b>x</button><script>addEventListener('beforeunload', event => event.preventDefault())</script>"
    await go(context, browser, site.page(asking, "/asking"))
    await acting.click(context, browser=browser, target=at("#b"))
    assert (await go(context, browser, site.page("<p>next</p>", "/next"))).status == 200
    assert context.warnings == []


async def test_downloads(context: FakeContext, browser: Browser, site: Site) -> None:
    site.file(b"a;b\n1;2\n", "/report", Content_Disposition='attachment; filename="July report.csv"')
    await go(context, browser, site.page("<a id=l href='/report'>Report</a><p id=p>nothing</p>"))
    taken = await files.download(context, browser=browser, target=at("#l"))
    assert (taken.name, taken.size) == ("July report.csv", 8)
    assert (context.work_folder / "July report.csv").read_bytes() == b"a;b\n1;2\n"
    with pytest.raises(FileExistsAlreadyError):
        await files.download(context, browser=browser, target=at("#l"), replace=False)
    with pytest.raises(PageTimedOutError, match="started no download"):
        await files.download(context, browser=browser, target=at("#p"), timeout=0.5)


async def test_uploads(context: FakeContext, browser: Browser, site: Site) -> None:
    (context.work_folder / "a.txt").write_text("content")
    await go(context, browser, site.page(
        "<input id=f type=file><button id=b onclick='f.click()'>Choose</button>"
        "<script>f.onchange = async () => document.body.append('read: ' + await f.files[0].text())"
        "</script>"))  # fmt: skip
    for target in ("#f", "#b"):
        await files.upload(context, browser=browser, target=at(target), path="a.txt")
        await waiting.wait_for_text(context, browser=browser, text="read: content", timeout=10)
        await navigation.reload(context, browser=browser)
    with pytest.raises(FileMissingError):
        await files.upload(context, browser=browser, target=at("#f"), path="b.txt")
    with pytest.raises(InputError, match="takes one file, and 2 were given"):
        await files.upload(context, browser=browser, target=at("#f"), path=["a.txt", "a.txt"])


async def test_scripts(context: FakeContext, browser: Browser, site: Site) -> None:
    await go(context, browser, site.page("<p>x</p>"))

    async def run(script: str, argument: object = None, timeout: float = 10) -> object:
        ended = await scripts.run_javascript(
            context, browser=browser, script=script, argument=argument, timeout=timeout
        )
        return ended.value

    assert await run("return {n: argument.n + 1, title: document.title}", {"n": 1}) == {"n": 2, "title": "Test"}
    assert await run("await 0") is None
    with pytest.raises(ScriptFailedError, match="The script failed: oh"):
        await run("throw new Error('oh')")
    with pytest.raises(ScriptFailedError, match="The script failed"):
        await run("return (")
    with pytest.raises(ScriptFailedError, match="contains itself, or is nested deeper than 64 levels"):
        await run("const one = {}; one.self = one; return one")
    with pytest.raises(PageTimedOutError, match=r"did not end within 0\.2 s"):
        await run("await new Promise(() => {})", timeout=0.2)


async def test_tables(context: FakeContext, browser: Browser, site: Site) -> None:
    await go(context, browser, site.page(
        "<table id=t><thead><tr><th rowspan=2>Name<th colspan=2>Price<tr><th>net<th>gross</thead>"
        "<tbody><tr><td rowspan=2>A<td>1<td>2<tr><td>3<td>4<tr style='display:none'><td>B<td>5<td>6</tbody>"
        "<tfoot><tr><td>Sum<td>9<td>12</tfoot></table>"
        "<div id=g role=grid aria-rowcount=100><div role=row><span role=columnheader>Id</span></div>"
        "<div role=row><span role=gridcell> 7 </span></div></div><ul id=u><li>x</ul>"))  # fmt: skip
    taken = await tables.extract_table(context, browser=browser, target=at("#t"))
    assert taken.rows.columns == ("Name", "Price net", "Price gross")
    assert list(taken.rows.rows()) == [("A", "1", "2"), ("A", "3", "4")]
    taken = await tables.extract_table(context, browser=browser, target=at("#t"), hidden_rows=True)
    assert taken.count == 3
    assert context.warnings == []
    taken = await tables.extract_table(context, browser=browser, target=at("#g"))
    assert list(taken.rows) == [{"Id": "7"}]
    assert taken.notes[0].startswith("`#g` says that it has 100 rows and shows 1")
    with pytest.raises(InputError, match="is not a table"):
        await tables.extract_table(context, browser=browser, target=at("#u"))


async def test_lists(context: FakeContext, browser: Browser, site: Site) -> None:
    await go(context, browser, site.page(
        "<div class=item data-id=1><a href='/a'>Apple</a><b>1.20</b></div>"
        "<div class=item data-id=2><a href='/b'>Pear</a></div>"
    ))  # fmt: skip
    taken = await tables.extract_list(
        context, browser=browser, items=".item",
        columns={"id": "@data-id", "name": "a", "link": "a@href", "price": "b", "gone": ".gone"},
    )  # fmt: skip
    assert list(taken.rows.rows()) == [
        ("1", "Apple", f"{site.url}/a", "1.20", None),
        ("2", "Pear", f"{site.url}/b", None, None),
    ]
    assert taken.notes == ["`gone`: nothing matched `.gone` in any of the 2 items."]
    linked = await tables.extract_list(
        context, browser=browser, items="div", columns={"name": "a:not([title='x@y'])", "link": "a @ href"}
    )
    assert list(linked.rows.rows()) == [("Apple", f"{site.url}/a"), ("Pear", f"{site.url}/b")]
    with pytest.raises(InputError, match=r"`\.\.` is not a valid CSS selector"):
        await tables.extract_list(context, browser=browser, items="..", columns={"a": "b"})


async def test_pictures(context: FakeContext, browser: Browser, site: Site) -> None:
    await go(context, browser, site.page("<h1 id=h>Title</h1><div style='height:3000px'></div>"))
    window = await capturing.screenshot(context, browser=browser)
    page = await capturing.screenshot(context, browser=browser, path="page.jpg", whole_page=True, keep=False)
    element = await capturing.screenshot(context, browser=browser, path="h.png", target=at("#h"))
    printed = await capturing.save_pdf(context, browser=browser)
    assert Path(window.path).read_bytes().startswith(b"\x89PNG")
    assert Path(page.path).read_bytes().startswith(b"\xff\xd8")
    assert Path(printed.path).read_bytes().startswith(b"%PDF")
    assert element.size < window.size
    assert set(context.kept) == {"screenshot.png", "h.png", "page.pdf"}
    with pytest.raises(InputError, match="is not the name of a picture"):
        await capturing.screenshot(context, browser=browser, path="x.gif")
    with pytest.raises(InputError, match="`target` and `whole_page` are both given"):
        await capturing.screenshot(context, browser=browser, target=at("#h"), whole_page=True)


async def test_a_profile_keeps_cookies_and_can_be_attached_to(context: FakeContext, site: Site) -> None:
    url = site.page("<script>document.cookie = 'seen=1;max-age=9999'</script>", "/cookie")
    for _ in range(2):
        opened = await opening.open_browser(context, url=url, profile="profile", locale="de-DE", time_zone="Asia/Tokyo")
        assert opened.browser.page is not None
        seen = await opened.browser.page.evaluate(
            "[document.cookie, navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]"
        )
        assert seen == ["seen=1", "de-DE", "Asia/Tokyo"]
        await opened.browser.close()
    with pytest.raises(BrowserNotStartedError, match="No browser answers at"):
        await opening.attach(debugging_address="http://127.0.0.1:9", timeout=2)


async def test_a_browser_that_is_killed_is_named(context: FakeContext, site: Site) -> None:
    opened = await opening.open_browser(context, url=site.page("<p>x</p>"))
    await opened.browser.context.close()
    with pytest.raises(BrowserLostError):
        await reading.get_text(context, browser=opened.browser, target=at("css=p"))
    await opened.browser.close()


async def test_which_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    assert program("firefox") is None
    assert Path(program("any") or "").is_file()

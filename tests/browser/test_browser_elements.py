"""Elements: unique or nothing, waiting for them, acting on them, reading them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from web_site import Site

from exekra.activities.browser import acting, finding, reading, waiting
from exekra.activities.browser.errors import (
    ElementAmbiguousError,
    ElementNotFoundError,
    ElementNotReadyError,
    FrameNotFoundError,
    OptionMissingError,
    PageTimedOutError,
)
from exekra.activities.browser.navigation import navigate
from exekra.activities.browser.session import Browser
from exekra.sdk.errors import InputError
from exekra.sdk.selector import Selector
from exekra.testing.context import FakeContext

pytestmark = pytest.mark.asyncio(loop_scope="module")


def at(text: str) -> Selector:
    return Selector.parse(text)


async def show(context: FakeContext, browser: Browser, site: Site, html: str) -> None:
    await navigate(context, browser=browser, url=site.page(html))


async def text_of(context: FakeContext, browser: Browser, target: str) -> str:
    return (await reading.get_text(context, browser=browser, target=at(target), timeout=5)).text


@pytest.mark.parametrize(
    "target",
    ["#save", "css=form button", "//button[@id='save']", "text=Save all", "text^=Save", "text*=ave a",
     'role=button[name="Save all"]'],
)  # fmt: skip
async def test_one_element_has_many_addresses(context: FakeContext, browser: Browser, site: Site, target: str) -> None:
    await show(
        context, browser, site,
        "<form onsubmit='return false'><button id=save onclick='document.title=this.id'>"
        " Save\n <b>all</b></button></form>",
    )  # fmt: skip
    await acting.click(context, browser=browser, target=at(target), timeout=5)
    assert browser.page is not None
    assert await browser.page.title() == "save"


async def test_of_several_matches_none_is_taken(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(context, browser, site, "<button id=a>Delete</button><button id=b>Delete</button><button>Keep</button>")
    with pytest.raises(ElementAmbiguousError) as caught:
        await acting.click(context, browser=browser, target=at("text=Delete"), timeout=0.3)
    assert caught.value.message == (
        f'2 elements match `text=Delete` on {site.url}/, and the step needs exactly one: button#a "Delete", '
        'button#b "Delete". Make the selector more precise.'
    )
    assert "node-failed.png" in context.kept


async def test_the_only_visible_one_is_meant(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(context, browser, site, "<p hidden>one</p><p>two</p>")
    assert await text_of(context, browser, "css=p") == "two"


async def test_an_element_that_comes_late_is_waited_for(context: FakeContext, browser: Browser, site: Site) -> None:
    script = "setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<p id=late>here</p>'), 200)"
    await show(context, browser, site, f"<script>{script}</script>")
    assert await text_of(context, browser, "#late") == "here"


async def test_what_is_missing_is_named(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(context, browser, site, "<button>Go</button>")
    target = Selector.read({"candidates": [{"kind": "id", "value": "#old"}, {"kind": "path", "value": "button"}]})
    with pytest.raises(ElementNotFoundError) as caught:
        await acting.click(context, browser=browser, target=target, timeout=0.3)
    assert caught.value.message == (
        f"No element matched `#old` on {site.url}/ within 0.3 s. The other candidates match: path=button: 1."
    )


async def test_another_candidate_is_used_with_a_warning(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(context, browser, site, "<button name=save>Save</button>")
    target = Selector.read(
        {"candidates": [{"kind": "id", "value": "#old"}, {"kind": "name", "value": 'button[name="save"]'}]}
    )
    assert (await reading.get_text(context, browser=browser, target=target, timeout=1)).text == "Save"
    assert context.warnings == [
        '`#old` was found by another candidate, name=button[name="save"], because its primary one matches nothing. '
        "Check the step, and record the element again."
    ]


async def test_a_selector_that_the_page_cannot_read(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(context, browser, site, "<p>x</p>")
    with pytest.raises(InputError, match="is not a valid selector"):
        await reading.get_text(context, browser=browser, target=at("p:has(>>)"[:5] + "!"), timeout=1)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<button id=b disabled>Go</button>", "it is disabled"),
        ("<button id=b style='visibility:hidden'>Go</button>", "it is not visible"),
        (
            "<button id=b>Go</button><div id=veil style='position:fixed;inset:0'></div>",
            '<div id="veil"></div> covers it',
        ),
    ],
)
async def test_why_an_element_cannot_be_clicked(
    context: FakeContext, browser: Browser, site: Site, html: str, reason: str
) -> None:
    await show(context, browser, site, html)
    with pytest.raises(ElementNotReadyError) as caught:
        await acting.click(context, browser=browser, target=at("#b"), timeout=0.6)
    assert caught.value.message == f"`#b` could not be clicked within 0.6 s: {reason}."


async def test_frames_and_shadow_roots(context: FakeContext, browser: Browser, site: Site) -> None:
    site.page("<x-box></x-box><script>document.querySelector('x-box').attachShadow({mode: 'open'})"
              ".innerHTML = '<p id=in>deep</p>'</script>", "/inner")  # fmt: skip
    await show(
        context, browser, site, f"<iframe name=detail src='{site.other_url}/inner'></iframe><p id=in>outside</p>"
    )
    inside: dict[str, Any] = {
        "frames": [{"candidates": [{"kind": "name", "value": 'iframe[name="detail"]'}]}],
        "shadow": [{"candidates": [{"kind": "path", "value": "x-box"}]}],
        "candidates": [{"kind": "id", "value": "#in"}],
    }
    read = await reading.get_text(context, browser=browser, target=Selector.read(inside), timeout=5)
    assert read.text == "deep"
    inside["frames"][0]["candidates"][0]["value"] = "#gone"
    with pytest.raises(FrameNotFoundError, match="The frame `name=#gone` was not on"):
        await reading.get_text(context, browser=browser, target=Selector.read(inside), timeout=0.2)


async def test_typing(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(
        context, browser, site, "<input id=a value=old><div id=c contenteditable>old</div><input id=d type=date>"
    )
    await acting.type_text(context, browser=browser, target=at("#a"), text="new 'text'")
    assert await text_of(context, browser, "#a") == "new 'text'"
    await acting.type_text(context, browser=browser, target=at("#a"), text="+", clear=False)
    assert await text_of(context, browser, "#a") == "new 'text'+"
    await acting.type_text(context, browser=browser, target=at("#a"), text="keys", key_by_key=True)
    assert await text_of(context, browser, "#a") == "keys"
    await acting.type_text(context, browser=browser, target=at("#c"), text="rich")
    assert await text_of(context, browser, "#c") == "rich"
    await acting.type_text(context, browser=browser, target=at("#d"), text="2026-01-31")
    assert await text_of(context, browser, "#d") == "2026-01-31"
    with pytest.raises(InputError, match="does not take the text"):
        await acting.type_text(context, browser=browser, target=at("#d"), text="31.1.2026")
    await show(context, browser, site, "<input id=a maxlength=3 value=a><input id=n type=number>")
    await acting.type_text(context, browser=browser, target=at("#a"), text="bc", clear=False)
    assert await text_of(context, browser, "#a") == "abc"
    for text, clear in (("d", False), ("abcd", True)):
        with pytest.raises(InputError, match="takes at most 3 characters, and the text is longer"):
            await acting.type_text(context, browser=browser, target=at("#a"), text=text, clear=clear)
    with pytest.raises(InputError, match="does not take the text"):
        await acting.type_text(context, browser=browser, target=at("#n"), text="abc", key_by_key=True)
    await show(context, browser, site, "<input id=a maxlength=3 value=abc>")
    await acting.clear(context, browser=browser, target=at("#a"))
    assert await text_of(context, browser, "#a") == ""


async def test_a_password_is_typed_and_never_told(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(context, browser, site, "<input id=p type=password><input id=q type=password>")
    await acting.type_text(context, browser=browser, target=at("#p"), credential="s3cret")
    assert (await reading.get_value(context, browser=browser, target=at("#p"))).value == "s3cret"
    with pytest.raises(ElementAmbiguousError) as caught:
        await acting.click(context, browser=browser, target=at("css=input"), timeout=0.1)
    assert "s3cret" not in caught.value.message
    with pytest.raises(InputError, match="are both given"):
        await acting.type_text(context, browser=browser, target=at("#p"), text="x", credential="y")


async def test_a_credential_is_covered_in_pictures(
    context: FakeContext, browser: Browser, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.page("<input type=password style='width:400px'>", "/inner")
    await show(context, browser, site, "<input id=t><iframe src='/inner'></iframe>")
    assert browser.page is not None
    taken: dict[str, Any] = {}
    screenshot = browser.page.screenshot

    async def watched(**options: Any) -> bytes:
        taken["covered"] = [await one.count() for one in options["mask"]]
        return await screenshot(**options)

    monkeypatch.setattr(browser.page, "screenshot", watched)
    for _ in range(2):
        await acting.type_text(context, browser=browser, target=at("#t"), credential="s3cret")
    with pytest.raises(ElementNotFoundError):
        await acting.click(context, browser=browser, target=at("#none"), timeout=0)
    assert taken["covered"] == [0, 1, 1]  # No password on the page, one in the frame, the field of the credential.
    assert context.kept["node-failed.png"].startswith(b"\x89PNG")


async def test_a_page_that_does_not_respond(
    context: FakeContext, browser: Browser, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "RESPONSE_SECONDS", 0.3)
    await show(context, browser, site, "<p id=p>x</p>")
    assert browser.page is not None
    await browser.page.evaluate(
        "setTimeout(() => { const ends = Date.now() + 3000; while (Date.now() < ends); }, 0) && 0"
    )
    with pytest.raises(ElementNotReadyError, match="did not respond within"):
        await acting.click(context, browser=browser, target=at("#p"), timeout=0.2)


async def test_enter_sends_a_form(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(
        context, browser, site, "<form onsubmit='document.title=\"sent \"+q.value;return false'><input id=q></form>"
    )
    await acting.type_text(context, browser=browser, target=at("#q"), text="Anna", press_enter=True)
    assert browser.page is not None
    assert await browser.page.title() == "sent Anna"


async def test_keys(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(context, browser, site, "<input id=a value=old>")
    await acting.press_keys(context, browser=browser, keys="Control+A Delete n o", target=at("#a"))
    assert await text_of(context, browser, "#a") == "no"
    with pytest.raises(InputError, match="Unknown key"):
        await acting.press_keys(context, browser=browser, keys="Entr")
    with pytest.raises(InputError, match="`keys` is blank"):
        await acting.press_keys(context, browser=browser, keys="  ")


async def test_check_boxes(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(context, browser, site, "<label><input type=checkbox id=c> Yes</label>")
    for wanted in (True, True, False):
        await acting.check(context, browser=browser, target=at("#c"), checked=wanted)
        assert (await reading.get_value(context, browser=browser, target=at("#c"))).value is wanted
    state = await reading.element_state(context, browser=browser, target=at("#c"))
    assert (state.visible, state.enabled, state.editable, state.checked) == (True, True, False, False)


async def test_drop_downs(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(
        context, browser, site,
        "<select id=s><option value=1>One<option value=2>Two</select>"
        "<select id=m multiple><option>a<option>b<option>c</select><div id=d>custom</div>",
    )  # fmt: skip
    chosen = await acting.select_dropdown(context, browser=browser, target=at("#s"), options="Two")
    assert (chosen.options, chosen.values) == (["Two"], ["2"])
    assert await text_of(context, browser, "#s") == "Two"
    chosen = await acting.select_dropdown(context, browser=browser, target=at("#m"), options=["a", "c"], by="value")
    assert chosen.options == ["a", "c"]
    with pytest.raises(OptionMissingError, match=r"has no option `Three`\. Its options: One, Two\."):
        await acting.select_dropdown(context, browser=browser, target=at("#s"), options="Three", timeout=0.3)
    with pytest.raises(InputError, match="takes one option, and 2 were given"):
        await acting.select_dropdown(context, browser=browser, target=at("#s"), options=["One", "Two"])
    with pytest.raises(InputError, match="is not a drop-down list of HTML"):
        await acting.select_dropdown(context, browser=browser, target=at("#d"), options="x")


async def test_a_choice_that_leaves_the_page_or_is_unclear(context: FakeContext, browser: Browser, site: Site) -> None:
    site.page("<p id=next>next</p>", "/next")
    await show(context, browser, site, "<select id=s onchange='location = \"/next\"'><option>a<option>b</select>")
    chosen = await acting.select_dropdown(context, browser=browser, target=at("#s"), options="b")
    assert chosen.options == ["b"]
    assert await text_of(context, browser, "#next") == "next"
    await show(context, browser, site, "<select id=s><option value=1>Berlin<option value=2>Berlin</select>")
    with pytest.raises(ElementAmbiguousError, match="has several options `Berlin`"):
        await acting.select_dropdown(context, browser=browser, target=at("#s"), options="Berlin")
    chosen = await acting.select_dropdown(context, browser=browser, target=at("#s"), options="2", by="value")
    assert chosen.values == ["2"]


async def test_menus_that_open_under_the_mouse(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(context, browser, site, "<style>#sub{display:none} #menu:hover #sub{display:block}</style>"
               "<div id=menu>Menu<a id=sub href='#x'>Sub</a></div>")  # fmt: skip
    await acting.hover(context, browser=browser, target=at("#menu"))
    await acting.click(context, browser=browser, target=at("#sub"), timeout=2)
    assert browser.page is not None
    assert browser.page.url.endswith("#x")


async def test_dragging(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(
        context, browser, site,
        "<div id=a draggable=true>card</div><div id=b style='height:50px'>place</div><script>"
        "b.ondragover = event => event.preventDefault(); b.ondrop = () => { b.textContent = 'dropped' }</script>",
    )  # fmt: skip
    await acting.drag(context, browser=browser, target=at("#a"), to=at("#b"))
    assert await text_of(context, browser, "#b") == "dropped"


async def test_scrolling_loads_more(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(context, browser, site, "<p>top</p><div style='height:5000px'></div><p id=end>end</p>"
               "<script>addEventListener('scroll', () => document.title = 'scrolled')</script>")  # fmt: skip
    await acting.scroll_to(context, browser=browser, target=at("#end"))
    await acting.scroll(context, browser=browser, to="top")
    assert browser.page is not None
    assert await browser.page.evaluate("scrollY") == 0


async def test_reading(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(
        context, browser, site,
        "<a id=l href='/x' data-n=1>A&nbsp;link</a><ul><li>1<li> 2 </ul><script>/* li */</script><p id=e></p>",
    )  # fmt: skip
    assert await text_of(context, browser, "#l") == "A link"
    assert (await reading.get_texts(context, browser=browser, css="li")).texts == ["1", "2"]
    with pytest.raises(InputError, match=r"`\.\.` is not a valid CSS selector"):
        await reading.get_texts(context, browser=browser, css="..")
    assert (await reading.get_attribute(context, browser=browser, target=at("#l"), name="data-n")).value == "1"
    assert (await reading.get_attribute(context, browser=browser, target=at("#l"), name="title")).value is None
    assert (await reading.get_html(context, browser=browser, target=at("#e"))).html == '<p id="e"></p>'
    assert "<title>Test</title>" in (await reading.get_html(context, browser=browser)).html
    assert (await reading.count_elements(context, browser=browser, target=at("css=li"))).count == 2
    assert (await reading.element_exists(context, browser=browser, target=at("#l"))).exists
    assert not (await reading.element_exists(context, browser=browser, target=at("#none"))).exists
    assert context.warnings == []
    assert (await reading.element_exists(context, browser=browser, target=at("css=li"))).exists
    assert context.warnings[0].startswith("2 elements match `css=li`")


async def test_waiting_for_what_appears_and_goes(context: FakeContext, browser: Browser, site: Site) -> None:
    await show(
        context, browser, site,
        "<p id=wait>Loading  the list</p><script>setTimeout(() => { document.body.innerHTML = '<p id=done>Ready</p>';"
        " history.pushState(0, '', '/orders/17') }, 300)</script>",
    )  # fmt: skip
    await waiting.wait_for_text(context, browser=browser, text="loading the LIST", timeout=5)
    await asyncio.gather(
        waiting.wait_for_element(context, browser=browser, target=at("#wait"), state="gone", timeout=5),
        waiting.wait_for_element(context, browser=browser, target=at("#done"), timeout=5),
        waiting.wait_for_text(context, browser=browser, text="Loading", gone=True, timeout=5),
        waiting.wait_for_url(context, browser=browser, url="*/orders/*", timeout=5),
    )
    with pytest.raises(PageTimedOutError, match=r"The text 'Gone' was not on .* after 0\.2 s"):
        await waiting.wait_for_text(context, browser=browser, text="Gone", timeout=0.2)
    with pytest.raises(PageTimedOutError, match="`#done` was still there"):
        await waiting.wait_for_element(context, browser=browser, target=at("#done"), state="gone", timeout=0.2)
    with pytest.raises(PageTimedOutError, match="No page like"):
        await waiting.wait_for_url(context, browser=browser, url="https://*", timeout=0.2)
    await waiting.wait_for_network(context, browser=browser, timeout=10)
    await show(context, browser, site, "<p hidden>Loading</p><p hidden>Loading</p>")
    await waiting.wait_for_element(context, browser=browser, target=at("css=p"), state="gone", timeout=2)


async def test_files_of_a_failure_stay_out_of_the_work_folder(
    context: FakeContext, browser: Browser, site: Site, tmp_path: Path
) -> None:
    await show(context, browser, site, "<p>x</p>")
    with pytest.raises(ElementNotFoundError):
        await reading.get_text(context, browser=browser, target=at("#none"), timeout=0)
    assert list(context.kept) == ["node-failed.png"]
    assert context.kept["node-failed.png"].startswith(b"\x89PNG")
    assert list((tmp_path / "work").iterdir()) == []

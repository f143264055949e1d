"""What somebody meets in the first minutes: each click counts, whatever was edited before it."""

from __future__ import annotations

import itertools
import re
from typing import Any

import httpx
from playwright.async_api import Page, expect

from .conftest import PatientPage
from .site import Site
from .studio import Studio
from .workflows import flow

WORKFLOW = flow(
    "Touched",
    {"names": {"do": "set_variable", "with": {"variable": "total", "value": ["{total}", "b"]}}},
    ["start -> names"],
    inputs={"first": {"type": "number", "default": 1}},
    variables={"total": {"type": "any"}},
)
TEXTS = ("{total}", "{total", "42", "word")
"""What brings a preview, an error, another type and a plain text."""

PRESSING = """() => {
    const KINDS = "button, input, textarea, [role=textbox]:not([role=textbox] *)";
    window.controls = panel => [...document.querySelectorAll(panel)].flatMap(one => [...one.querySelectorAll(KINDS)])
        .filter(one => !one.disabled && one.checkVisibility() && one.getAttribute("aria-hidden") !== "true");
    window.isField = one => one.matches("input:not([type=checkbox]):not([readonly]), textarea, [role=textbox]");
    window.middle = one => {
        one.scrollIntoView({block: "nearest"});
        const {left, top, width, height} = one.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
    };
    window.pressed = [];
    window.suppressing = false;
    addEventListener("pointerdown", ({target}) => window.pressed = [target], true);
    addEventListener("click", event => {
        window.pressed.push(event.target);
        if (!window.suppressing) return;
        // It counts, and nothing comes of it: the panel stays as it is for the next.
        event.preventDefault();
        event.stopPropagation();
    }, true);
}"""
STILL_THERE = """async ([x, y]) => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const [down] = window.pressed;
    const control = down.closest("button, input, textarea, label, [role=textbox]") ?? down;
    // A field becomes an editor where it stands.
    return control.contains(document.elementFromPoint(x, y)) || (!control.isConnected && !control.matches("button"));
}"""
DRAWN = """async () => {
    for (let frame = 0; frame < 4; frame++) await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
}"""
FOCUSED = """([x, y]) => {
    const {left, top, right, bottom} = document.activeElement.getBoundingClientRect();
    const isThere = left <= x && x <= right && top <= y && y <= bottom;
    return isThere && document.activeElement.matches("input, textarea, [role=textbox]");
}"""


async def test_enter_leads_to_the_first_field_and_each_control_can_be_pressed_right_after_each_other(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, WORKFLOW, publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}", viewport={"width": 1600, "height": 1000}))
    page = studio.page
    await studio.opened()
    await studio.select("names")
    await studio.canvas.focus()
    await page.keyboard.press("Enter")
    await expect(studio.form.get_by_role("combobox", name="Variable")).to_be_focused()
    await page.evaluate(PRESSING)
    await studio.open_drawer("Variables")
    found = await lost_presses(page, "[data-panel=right] :is(header, [data-field])")
    found += await lost_presses(page, "#panel-variables")
    assert found == [], "\n".join(found)


async def test_a_step_that_was_just_added_is_not_shown_as_wrong(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, {**WORKFLOW, "name": "Just added"}, publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    await studio.opened()
    await studio.insert_by_typing("log", "tell")
    await expect(studio.form.get_by_text("Required", exact=True)).to_be_visible()
    wrong = studio.page.get_by_role("img", name=re.compile("^Error"))
    await expect(wrong).to_have_count(0)
    await studio.select("names")
    await expect(studio.card("tell").get_by_role("img", name="Error: Message is required.")).to_be_visible()
    await studio.select("tell")
    await expect(studio.form.get_by_text("Required", exact=True)).to_be_visible()


async def lost_presses(page: Page, panel: str) -> list[str]:
    """Edit each field of a panel, and press each other control directly afterwards; the presses that were lost."""
    texts = itertools.cycle(TEXTS)
    names = (f"name{number}" for number in itertools.count(1))
    found = []
    count = await page.evaluate("panel => controls(panel).length", panel)
    for edited, pressed in itertools.permutations(range(count), 2):
        field = await place_of(page, panel, edited)
        if field is None or not field["isField"]:
            continue
        await page.mouse.click(*field["middle"])
        await page.keyboard.press("Control+a")
        text = next(names) if "name" in field["label"].lower() else next(texts)
        await page.keyboard.insert_text(text)
        # No hand is faster than the page draws what was typed.
        await page.evaluate(DRAWN)
        control = await place_of(page, panel, pressed)
        if control is None:
            continue
        await page.evaluate("suppressing = true")
        await page.mouse.move(*control["middle"])
        await page.mouse.down()
        still = await page.evaluate(STILL_THERE, control["middle"])
        focused = await page.evaluate(FOCUSED, control["middle"])
        await page.mouse.up()
        await page.evaluate("suppressing = false")
        if not (still and (focused or await page.evaluate("pressed.length == 2"))):
            found.append(f"{control['label']} after {text} in {field['label']}")
        await page.keyboard.press("Escape")
    return found


async def place_of(page: Page, panel: str, index: int) -> dict[str, Any] | None:
    """Where a control of a panel is, brought into view; None where there is none of that number now."""
    place: dict[str, Any] | None = await page.evaluate(
        """([panel, index]) => {
            const one = controls(panel)[index];
            if (!one) return null;
            const label = one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent;
            return {label, isField: isField(one), middle: middle(one)};
        }""",
        [panel, index],
    )
    return place

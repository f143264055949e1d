"""The tutorial in the browser, section by section. What is clicked and typed here is what stands on the page."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from .conftest import PatientPage

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "draw-a-workflow.md"


class Tutorial:
    """The words of the page: names of controls are bold, what is typed is code. Each has to be used by the test."""

    def __init__(self) -> None:
        text = TUTORIAL.read_text(encoding="utf-8").split("## Begin", 1)[1].split("## Where to go on", 1)[0]
        self._controls = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", text, re.S)}
        self._texts = {" ".join(words.split()) for words in re.findall(r"`(.+?)`", text, re.S)}
        self._used: set[str] = set()

    def control(self, name: str) -> str:
        """The name of a control, which has to be on the page."""
        assert name in self._controls, name
        self._used.add(name)
        return name

    def text(self, text: str) -> str:
        """A text to type or to see, which has to be on the page."""
        assert text in self._texts, text
        self._used.add(text)
        return text

    def left(self) -> set[str]:
        """What the page says and nobody tried."""
        return (self._controls | self._texts) - self._used


async def choose(page: Page, field: Locator, option: str) -> None:
    await field.click()
    await page.get_by_role("option", name=option, exact=True).click()


async def type_template(field: Locator, text: str) -> None:
    """Type into a field that becomes an editor; what stands there is replaced."""
    await field.click()
    await expect(field.locator("..").or_(field).locator(".cm-content").or_(field).last).to_be_focused()
    await field.page.keyboard.press("ControlOrMeta+A")
    await field.page.keyboard.type(text)


async def run(page: Page, tutorial: Tutorial, button: str, amounts: str | None) -> None:
    """Press a button that asks for the inputs, answer, and press its like in the question."""
    await page.get_by_role("main").get_by_role("button", name=tutorial.control(button), exact=True).click()
    question = page.get_by_role("dialog")
    if amounts is not None:
        await question.get_by_label("amounts").fill(tutorial.text(amounts))
    await question.get_by_role("button", name=button, exact=True).click()
    await expect(question).to_have_count(0)


async def declare_total(page: Page, tutorial: Tutorial, noun: str) -> None:
    panel = page.get_by_role("tabpanel", name="Variables")
    await panel.get_by_role("button", name=tutorial.control(f"Add {noun}")).click()
    await expect(panel.get_by_role("textbox", name=f"Name of the {noun}")).to_be_focused()
    await page.keyboard.type(tutorial.text("total"))
    await page.keyboard.press("Enter")
    table = panel.get_by_role("table", name=f"{noun.title()}s")
    await choose(page, table.get_by_role("combobox", name="Type of total"), tutorial.control("Number"))


async def declare(page: Page, tutorial: Tutorial) -> None:
    """Say what goes in and what comes out."""
    await page.get_by_role("button", name=tutorial.control("Add input")).first.click()
    panel = page.get_by_role("tabpanel", name="Variables")
    await expect(panel.get_by_role("textbox", name="Name of the input input")).to_be_focused()
    await page.keyboard.type(tutorial.text("amounts"))
    await page.keyboard.press("Enter")
    await choose(page, panel.get_by_role("combobox", name="Type of amounts"), tutorial.control("List"))
    await expect(panel.get_by_role("checkbox", name="amounts is required")).to_be_checked()
    await declare_total(page, tutorial, "variable")
    await panel.get_by_role("textbox", name="Default of total").fill(tutorial.text("0"))
    await declare_total(page, tutorial, "output")
    await page.get_by_role("button", name=tutorial.control("Close the drawer")).click()


async def draw(page: Page, tutorial: Tutorial) -> None:
    """Draw the steps."""

    async def pick(words: str) -> None:
        await expect(page.get_by_role("combobox", name="Search for a step to add")).to_be_focused()
        await page.keyboard.type(tutorial.text(words))
        await page.keyboard.press("Enter")

    form = page.get_by_role("tabpanel", name="Properties")
    await page.get_by_role("button", name=tutorial.control("Add the first step")).click()
    await pick("for each")
    await type_template(form.get_by_role("textbox", name=tutorial.control("Items")), tutorial.text("{amounts}"))
    await form.get_by_role("textbox", name=tutorial.control("Item"), exact=True).fill(tutorial.text("amount"))
    await page.get_by_title(f"{tutorial.control('Body')}: ").click()
    await pick("if")
    condition = form.get_by_role("textbox", name=tutorial.control("Condition"))
    await type_template(condition, tutorial.text("{amount > 100}"))
    await page.get_by_title(f"{tutorial.control('Then')}: ").click()
    await pick("set variable")
    await form.get_by_role("textbox", name="Name", exact=True).fill(tutorial.text("add"))
    await page.keyboard.press("Enter")
    variable = form.get_by_role("combobox", name=tutorial.control("Variable"))
    await choose(page, variable, tutorial.control("total"))
    await type_template(form.get_by_role("textbox", name=tutorial.control("Value")), tutorial.text("{total + amount}"))
    await page.get_by_title(f"{tutorial.control('Done')}: ").click()
    await pick("log")
    message = form.get_by_role("textbox", name=tutorial.control("Message"))
    await type_template(message, tutorial.text("Large invoices: {total}"))
    await page.get_by_role("tab", name=tutorial.control("Problems")).click()
    await expect(page.get_by_text("No problems. The workflow can be published.")).to_be_visible()


async def mend(page: Page, tutorial: Tutorial) -> None:
    """Break it, and mend it."""
    await run(page, tutorial, "Run", '[120, "80", 300]')
    await expect(page.locator("[data-run-state=FAILED]")).to_be_visible()
    failed = page.locator(f".react-flow__node[data-id={tutorial.text('check')}] [data-state=failed]")
    await expect(failed.first).to_be_visible()
    result = page.get_by_role("tabpanel", name="Result")
    shown = re.search(r"^> (.+)$", TUTORIAL.read_text(encoding="utf-8"), re.M)
    assert shown
    await expect(result).to_contain_text(shown[1])
    condition = page.get_by_role("textbox", name="Condition")
    await type_template(condition, tutorial.text("{number(amount) > 100}"))
    await run(page, tutorial, "Run", None)
    await expect(page.locator("[data-run-state=COMPLETED]")).to_be_visible()


async def debug(page: Page, tutorial: Tutorial) -> None:
    """Look into it."""
    await page.locator(f"[data-id={tutorial.text('add')}]").click()
    await page.keyboard.press("F9")
    await run(page, tutorial, "Debug", None)
    panel = page.get_by_role("tabpanel", name="Debug")
    values = panel.get_by_role("list", name="Available values")
    await expect(panel).to_contain_text("Paused at a breakpoint")
    await expect(values.locator("[data-variable=total]")).to_contain_text(tutorial.text("0"))
    await expect(values.locator("[data-variable=amount]")).to_contain_text("120")
    debugger = page.get_by_role("group", name="Debugger")
    await debugger.get_by_role("button", name=tutorial.control("Step over")).click()
    await expect(panel).to_contain_text("turn 2")
    await expect(values.locator("[data-variable=total][data-changed]")).to_contain_text("120")
    await panel.get_by_role("button", name=tutorial.control("Change total")).click()
    await panel.get_by_role("textbox", name="total").fill(tutorial.text("1000"))
    await panel.get_by_role("button", name=tutorial.control("Set"), exact=True).click()
    await expect(values.locator("[data-variable=total]")).to_contain_text("1000")
    proceed = debugger.get_by_role("button", name=tutorial.control("Continue"))
    await proceed.click()
    await expect(panel).to_contain_text("Paused at a breakpoint")
    await proceed.click()
    await expect(page.get_by_role("tabpanel", name="Result")).to_contain_text("1300")


async def publish(page: Page, tutorial: Tutorial) -> None:
    """Publish it."""
    await page.get_by_role("button", name=tutorial.control("Publish"), exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("The check found no problems.")
    await dialog.get_by_role("button", name=tutorial.control("Publish version")).click()
    await expect(dialog).to_have_count(0)
    await page.get_by_role("main").get_by_role("link", name=tutorial.control("Workflow"), exact=True).click()
    await expect(page.get_by_role("main").get_by_text(re.compile(r"Version \d+ is live"))).to_be_visible()
    await run(page, tutorial, "Run", "[50, 500]")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Completed")
    await page.get_by_role("tab", name=tutorial.control("Inputs and outputs")).click()
    await expect(page.get_by_role("region", name="Outputs")).to_contain_text("500")


async def test_the_tutorial_can_be_followed(open_page: PatientPage) -> None:
    tutorial = Tutorial()
    page = await open_page("ADMIN", "/", viewport={"width": 1600, "height": 1000})
    # Begin.
    await page.get_by_role("link", name=tutorial.control("Workflows"), exact=True).click()
    await page.get_by_role("main").get_by_role("button", name=tutorial.control("New workflow")).first.click()
    name = page.get_by_role("dialog").get_by_role("textbox", name=tutorial.control("Name"), exact=True)
    await name.fill(tutorial.text("Large invoices"))
    await page.get_by_role("button", name=tutorial.control("Create and open in Studio")).click()
    await expect(page.get_by_role("heading", name="Large invoices", level=1)).to_be_visible()
    await declare(page, tutorial)
    await draw(page, tutorial)
    # Run it.
    await run(page, tutorial, "Run", "[120, 80, 300]")
    await page.get_by_role("tab", name=tutorial.control("Result")).click()
    await expect(page.get_by_role("tabpanel", name="Result")).to_contain_text("420")
    await page.get_by_role("tab", name=tutorial.control("Log")).click()
    await expect(page.get_by_role("tabpanel", name="Log")).to_contain_text("Large invoices: 420")
    await page.get_by_role("tab", name="Result").click()
    await mend(page, tutorial)
    await debug(page, tutorial)
    await publish(page, tutorial)
    assert tutorial.left() == set()

// What distinguishes elements, for an error that lists them: never what somebody typed into a field.
(elements) =>
  elements.map((element) => {
    const named = element.getAttribute("name");
    const mark = element.id ? `#${element.id}` : named ? `[name="${named}"]` : "";
    const isField = "value" in element && element.localName !== "button";
    const text = isField ? "" : (element.innerText ?? "");
    const shown = text || element.getAttribute("aria-label") || element.getAttribute("placeholder") || "";
    return [element.localName + mark, shown.trim().replace(/\s+/g, " ")];
  });

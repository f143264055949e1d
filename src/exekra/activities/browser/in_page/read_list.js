// For each item the text or the attribute that each column names; null where the item lacks it.
([items, columns]) => {
  const read = (element, attribute) => {
    if (element === null) return null;
    if (attribute === "text") return (element.innerText ?? element.textContent ?? "").replace(/\s+/g, " ").trim();
    if (attribute === "href" || attribute === "src") return element[attribute] ?? element.getAttribute(attribute);
    return element.getAttribute(attribute);
  };
  return [...document.querySelectorAll(items)].map((item) =>
    columns.map(([css, attribute]) => read(css === ":scope" ? item : item.querySelector(css), attribute)),
  );
};

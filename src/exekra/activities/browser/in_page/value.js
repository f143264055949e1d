// What a field holds: ticked or not, all that is chosen, or its text.
(element) => {
  if (element instanceof HTMLInputElement && ["checkbox", "radio"].includes(element.type)) return element.checked;
  if (element instanceof HTMLSelectElement && element.multiple) {
    return [...element.selectedOptions].map((option) => option.value);
  }
  return "value" in element ? element.value : null;
};

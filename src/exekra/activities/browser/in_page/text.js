// What people read in an element; of a field, what it holds.
(element) => {
  if (element instanceof HTMLSelectElement) {
    return [...element.selectedOptions].map((option) => option.label.trim()).join(", ");
  }
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element.value;
  return element.innerText ?? element.textContent ?? "";
};

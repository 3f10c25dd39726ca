// Small makers of elements. Texts are set as texts, never as HTML.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

export function select(options, value, changed) {
  const element = make("select", {}, ...options.map(([key, text]) => make("option", { value: key, selected: key === value }, text)));
  element.addEventListener("change", () => changed(element.value));
  return element;
}

export function input(type, value, changed, list) {
  const element = make("input", { type, value: value ?? "" });
  if (list) element.setAttribute("list", list);
  if (type === "number") element.step = "any";
  element.addEventListener("input", () => changed(element.value));
  // Enter would send the form; here it only ends typing.
  element.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  return element;
}

export function button(text, clicked, label) {
  const element = make("button", { type: "button", className: "quiet" }, text);
  if (label) element.setAttribute("aria-label", label);
  element.addEventListener("click", clicked);
  return element;
}

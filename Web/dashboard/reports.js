// Forms of reports: days only where they are chosen, short addresses, one more line where one is wanted, and names of the
// store while a filter is typed. Without this they are plain forms.

import { make } from "./elements.js";
import { ask } from "./dashboard.js";

for (const form of document.querySelectorAll("form[data-report]")) {
  const period = form.elements.period;
  const days = form.querySelector("[data-days]");
  if (period && days) {
    const show = () => { days.hidden = period.value !== "days"; };
    period.addEventListener("change", show);
    show();
  }
  // Fields that say nothing need not stand in the address.
  form.addEventListener("formdata", ({ formData }) => {
    for (const name of new Set(formData.keys())) {
      const values = formData.getAll(name);
      formData.delete(name);
      for (const value of values) if (value !== "") formData.append(name, value);
    }
    if (period && period.value !== "days") { formData.delete("from"); formData.delete("through"); }
  });
}

// One more line of steps or segments.

for (const lines of document.querySelectorAll("[data-lines]")) {
  const more = make("button", { type: "button", className: "quiet" }, lines.dataset.lines);
  const most = Number(lines.dataset.most);
  more.addEventListener("click", () => {
    const all = lines.querySelectorAll("[data-line]");
    const line = all[all.length - 1].cloneNode(true);
    for (const [index, label] of [...line.querySelectorAll("label")].entries()) {
      const input = line.querySelectorAll("input, select")[index];
      const number = all.length + 1;
      input.id = input.id.replace(/\d+$/, number);
      input.name = input.name.replace(/\d+$/, number);
      input.value = "";
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
      label.htmlFor = input.id;
      label.textContent = label.textContent.replace(/\d+/, number);
    }
    for (const gone of line.querySelectorAll(".wrong, .hint, datalist")) gone.remove();
    all[all.length - 1].after(line);
    line.querySelector("input, select").focus();
    more.hidden = all.length + 1 >= most;
    for (const field of line.querySelectorAll("[data-filter-of]")) offerFilters(field);
  });
  more.hidden = lines.querySelectorAll("[data-line]").length >= most;
  lines.append(more);
}

// Filters: `property = "value" and …`; what is offered is what was typed with one more word.

const known = new Map();

async function suggestions(question) {
  const query = new URLSearchParams(question).toString();
  if (!known.has(query)) {
    known.set(query, ask("/v1/suggestions?" + query).then(async (response) => response.ok ? (await response.json()).suggestions : []));
  }
  return known.get(query);
}

async function completions(text, event) {
  const value = /^(.*?)([\w.]+)\s*(!?=)\s*"?[^"]*$/s.exec(text);
  if (value) {
    const [, before, property, sign] = value;
    const found = await suggestions({ kind: "values", event, property });
    return found.map(({ value: one }) => `${before}${property} ${sign} ${/^-?\d+(\.\d+)?$/.test(one) ? one : JSON.stringify(one)}`);
  }
  const name = /^((?:.*\s(?:and|or)\s+|.*\(\s*)?)([\w.]*)$/s.exec(text);
  if (!name) return [];
  return (await suggestions({ kind: "properties", event })).map(({ value: one }) => name[1] + one);
}

function offerFilters(field) {
  const list = make("datalist", { id: field.id + "-names" });
  field.after(list);
  field.setAttribute("list", list.id);
  const offer = async () => {
    const event = field.closest("[data-line], form").querySelector("[list=events]")?.value;
    if (!event) return;
    const text = field.value;
    const found = await completions(text, event);
    if (field.value === text) list.replaceChildren(...found.slice(0, 60).map((one) => make("option", { value: one })));
  };
  field.addEventListener("focus", offer);
  field.addEventListener("input", offer);
}

for (const field of document.querySelectorAll("[data-filter-of]")) offerFilters(field);

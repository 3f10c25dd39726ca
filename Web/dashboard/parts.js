// The parts of "did E where F in W": events, counts, filters, windows and values.

import { make, select, input, button } from "./elements.js";
import { suggest } from "./suggestions.js";

const units = ["seconds", "minutes", "hours", "days", "weeks", "months", "years"].map((unit) => [unit, unit]);
const periods = ["today", "yesterday", "this week", "last week", "this month", "last month", "this year", "last year"];
const comparisons = ["=", "!=", "<", "<=", ">", ">="];
const operators = ["contains", "starts with", "ends with", "matches"];

function word(text) { return make("span", { className: "word" }, text); }

// Events

export function eventLine(node, tell, redraw) {
  const type = typeof node.events === "string" ? "named" : node.events.type;
  const kinds = [["named", "the event"], ["any-of", "one of the events"], ["any-event", "any event"], ["visit", "a visit"], ["like", "an event like"]];
  const kind = select(kinds, type, (value) => {
    const name = typeof node.events === "string" ? node.events : node.events.names?.[0] ?? "Order Completed";
    node.events = value === "named" ? name : value === "any-of" ? { type: value, names: [name] }
      : value === "like" ? { type: value, pattern: name + "*" } : { type: value };
    redraw();
  });
  kind.setAttribute("aria-label", "Which events");
  if (type === "any-event" || type === "visit") return [kind];
  const shown = type === "named" ? node.events : type === "any-of" ? node.events.names.join(" | ") : node.events.pattern;
  const name = input("text", shown, (value) => {
    if (type === "named") node.events = value;
    else if (type === "any-of") node.events.names = value.split("|").map((one) => one.trim()).filter(Boolean);
    else node.events.pattern = value;
    tell();
  }, type === "like" ? null : "event-names");
  name.setAttribute("aria-label", type === "any-of" ? "Names of events, separated by |" : "Name of the event");
  name.classList.add("wide");
  suggest("event-names", { kind: "events" });
  return [kind, name];
}

export function countLine(node, tell, redraw) {
  const bounds = [["", "once or more"], ["at-least", "at least"], ["at-most", "at most"], ["exactly", "exactly"],
    ["more-than", "more than"], ["fewer-than", "fewer than"], ["between", "between"]];
  const how = select(bounds, node.count?.bound ?? "", (value) => {
    const unit = node.count?.unit ?? "times";
    if (!value) delete node.count;
    else if (value === "between") node.count = { bound: value, low: 2, high: 5, unit };
    else node.count = { bound: value, number: node.count?.number ?? 2, unit };
    redraw();
  });
  how.setAttribute("aria-label", "How often");
  if (!node.count) return [how];
  const keys = node.count.bound === "between" ? ["low", "high"] : ["number"];
  const amounts = keys.map((key) => {
    const amount = input("number", node.count[key], (value) => { node.count[key] = Math.trunc(Number(value)); tell(); });
    amount.min = "0";
    amount.setAttribute("aria-label", { low: "At least", high: "At most", number: "How many" }[key]);
    return amount;
  });
  const unit = select([["times", "times"], ["days", "days"], ["visits", "visits"]], node.count.unit, (value) => { node.count.unit = value; tell(); });
  unit.setAttribute("aria-label", "Counted in");
  return [how, ...amounts, unit];
}

// Windows

export function windowLine(node, tell, redraw) {
  const kinds = [["", "at any time"], ["in-last", "in the last"], ["before-ago", "longer ago than"], ["on-or-after", "on or after"],
    ["before", "before"], ["calendar", "in the calendar period"]];
  const window = node.window;
  const type = window?.type ?? "";
  if (!kinds.some(([key]) => key === type)) kinds.push([type, "as the text says"]);
  const kind = select(kinds, type, (value) => {
    if (!value) delete node.window;
    else if (value === "in-last" || value === "before-ago") node.window = { type: value, duration: { amount: 30, unit: "days" } };
    else if (value === "calendar") node.window = { type: value, period: "this month" };
    else if (value !== type) node.window = { type: value, time: new Date().toISOString().slice(0, 10) };
    redraw();
  });
  kind.setAttribute("aria-label", "When");
  if (type === "in-last" || type === "before-ago") {
    const amount = input("number", window.duration.amount, (value) => { window.duration.amount = Number(value); tell(); });
    amount.min = "0";
    amount.setAttribute("aria-label", "How long");
    const unit = select(units, window.duration.unit, (value) => { window.duration.unit = value; tell(); });
    unit.setAttribute("aria-label", "Unit of time");
    return [kind, amount, unit];
  }
  if (type === "calendar") {
    const period = select(periods.map((one) => [one, one]), window.period, (value) => { window.period = value; tell(); });
    period.setAttribute("aria-label", "Period");
    return [kind, period];
  }
  if (type === "on-or-after" || type === "before") {
    const time = input("date", window.time.slice(0, 10), (value) => { if (value) { window.time = value; tell(); } });
    time.setAttribute("aria-label", "Day");
    return [kind, time];
  }
  return [kind];
}

// Filters

/** The filter of events as lines, all of which have to hold. */
export function whereBlock(node, tell, redraw) {
  const parts = !node.where ? [] : node.where.type === "and" ? node.where.conditions : [node.where];
  const write = (next) => {
    if (next.length === 0) delete node.where;
    else node.where = next.length === 1 ? next[0] : { type: "and", conditions: next };
    redraw();
  };
  const lines = parts.map((part, index) => {
    const line = make("div", { className: "line" }, word(index ? "and" : "where"));
    line.append(...(filter(part, node, tell, redraw) ?? [make("code", {}, describe(part)), word("(to be changed in the text)")]));
    line.append(button("Remove", () => write(parts.toSpliced(index, 1)), "Remove this filter"));
    return line;
  });
  const add = button("Add a filter", () => write([...parts, {
    type: "compare", left: { type: "property", property: { path: ["revenue"] } }, comparison: ">=", right: 50,
  }]));
  return make("div", { className: "tree" }, ...lines, make("div", { className: "line" }, add));
}

/** Null for filters that can't be clicked. */
function filter(part, node, tell, redraw) {
  const subject = part.type === "compare" ? part.left : part.value;
  if (subject?.type !== "property") return null;
  const event = typeof node.events === "string" ? node.events : node.events.names?.[0] ?? "";
  const property = propertyInput(subject.property, (next) => { subject.property = next; tell(); }, event);
  const how = [...comparisons, ...operators, "exists", "not exists"].map((one) => [one, one]);
  const now = part.type === "compare" ? part.comparison : part.type === "text" ? part.operator
    : part.type === "exists" ? (part.negated ? "not exists" : "exists") : null;
  if (!now) return null;
  const shown = part.type === "compare" ? part.right : part.type === "text" ? part.argument : "";
  const operation = select(how, now, (value) => {
    for (const key of Object.keys(part)) delete part[key];
    if (comparisons.includes(value)) Object.assign(part, { type: "compare", left: subject, comparison: value, right: shown });
    else if (operators.includes(value)) Object.assign(part, { type: "text", value: subject, operator: value, argument: String(shown) });
    else Object.assign(part, { type: "exists", value: subject }, value === "exists" ? {} : { negated: true });
    redraw();
  });
  operation.setAttribute("aria-label", "Comparison");
  if (part.type === "exists") return [property, operation];
  const value = literalInput(shown, (next) => {
    if (part.type === "compare") part.right = next; else part.argument = String(next);
    tell();
  }, "values");
  if (!value) return null;
  value.addEventListener("focus", () => suggest("values", { kind: "values", event, property: property.value }));
  return [property, operation, value];
}

function describe(part) {
  return part.type === "or" ? "one of several filters" : part.type === "not" ? "not a filter" : part.type;
}

// Values

/** `revenue`, `products.category`, `context.campaign.source` */
export function propertyInput(property, changed, event = "") {
  const prefix = property.scope === "items" ? "products." : property.scope === "context" ? "context." : "";
  const field = input("text", prefix + property.path.join("."), (text) => {
    const parts = text.split(".");
    const scope = parts[0] === "products" ? "items" : parts[0] === "context" ? "context" : null;
    changed(scope && parts.length > 1 ? { scope, path: parts.slice(1) } : { path: parts });
  }, "property-names");
  field.setAttribute("aria-label", "Property");
  field.addEventListener("focus", () => suggest("property-names", { kind: "properties", event }));
  return field;
}

/** A number, a text, true or false; null for other values. */
export function literalInput(value, changed, list) {
  if (typeof value === "object") return null;
  const isText = typeof value === "string";
  const field = input("text", String(value), (text) => {
    const isNumber = /^-?\d+(\.\d+)?$/.test(text);
    changed(isNumber && !isText ? Number(text) : text === "true" || text === "false" ? text === "true" : isNumber ? Number(text) : text);
  }, list);
  field.setAttribute("aria-label", "Value");
  return field;
}

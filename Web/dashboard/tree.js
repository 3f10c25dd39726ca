// The tree of a definition, to be clicked together. It edits the JSON form of the language and knows nothing of its text.

import { windowLine, countLine, whereBlock, eventLine, literalInput, propertyInput } from "./parts.js";
import { make, select, button, input } from "./elements.js";

const kinds = [
  ["did", "did something"], ["did-not", "did not do something"], ["in-segment", "is in a segment"],
  ["metric", "has a figure that …"], ["trait", "has a trait that …"], ["cart", "has a cart that …"],
  ["rank", "is among the top or bottom"], ["and", "all of …"], ["or", "any of …"],
];

const comparisons = ["=", "!=", "<", "<=", ">", ">="];

/** A condition of a kind, to begin with. */
function fresh(kind) {
  switch (kind) {
    case "did": return { type: "did", events: "Order Completed" };
    case "did-not": return { type: "did-not", events: "Order Completed", window: { type: "in-last", duration: { amount: 30, unit: "days" } } };
    case "in-segment": return { type: "in-segment", segment: "buyers" };
    case "metric": return { type: "compare", left: { type: "metric", metric: "net_revenue" }, comparison: ">=", right: 100 };
    case "trait": return { type: "compare", left: { type: "trait", path: ["country"] }, comparison: "=", right: "DE" };
    case "cart": return { type: "compare", left: { type: "cart", field: "value" }, comparison: ">=", right: 50 };
    case "rank": return { type: "rank", metric: "net_revenue", band: "top", percent: 10 };
    default: return { type: kind, conditions: [fresh("did"), fresh("in-segment")] };
  }
}

export class Tree {
  /**
   * @param {HTMLElement} root where it is drawn
   * @param {(tree: object) => void} changed called with the whole definition after each change
   */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
  }

  /**
   * Draws a definition.
   * @param {object} texts the text of conditions by JSON Pointer, for those that can't be clicked
   * @param {string[]} wrong the places of errors
   */
  show(tree, texts = {}, wrong = []) {
    this.tree = structuredClone(tree);
    this.texts = texts;
    this.wrong = new Set(wrong);
    this.draw();
  }

  draw() {
    const tree = this.tree;
    const name = input("text", tree.segment, (value) => { tree.segment = value; this.tell(); });
    name.pattern = "[a-z][a-z0-9_]*";
    const title = input("text", tree.title ?? "", (value) => {
      if (value) tree.title = value; else delete tree.title;
      this.tell();
    });
    name.classList.add("wide");
    title.classList.add("wide");
    this.root.replaceChildren(
      make("div", { className: "line" }, label("Name", name), label("Title", title)),
      this.condition(tree.condition, "/condition", (next) => { tree.condition = next; this.redraw(); }, null));
  }

  tell() { this.changed(this.tree); }

  redraw() {
    this.texts = {};
    this.draw();
    this.tell();
  }

  /** An element for a condition; `replace` puts another one in its place, `remove` takes it away if that may be. */
  condition(node, pointer, replace, remove) {
    const negated = node.type === "not";
    const inner = negated ? node.condition : node;
    const place = negated ? pointer + "/condition" : pointer;
    const isGroup = inner.type === "and" || inner.type === "or";
    const box = make("fieldset", {}, make("legend", {}, negated ? "not" : isGroup ? "group" : "condition"));
    if (this.wrong.has(pointer) || this.wrong.has(place)) box.classList.add("wrong-here");
    const tell = () => this.tell();
    box.append(isGroup ? this.group(inner, place, negated, replace) : this.leaf(inner, place, tell));
    const canNegate = inner.type !== "did" && inner.type !== "did-not";
    const bar = make("div", { className: "line" });
    if (canNegate) bar.append(button(negated ? "Without not" : "Not", () => replace(negated ? inner : { type: "not", condition: node })));
    if (!isGroup) bar.append(button("Put into a group", () => replace({ type: "and", conditions: [node, fresh("did")] })));
    if (remove) bar.append(button("Remove", remove, "Remove this " + (isGroup ? "group" : "condition")));
    box.append(bar);
    return box;
  }

  group(node, pointer, negated, replace) {
    const how = select([["and", "all of these hold"], ["or", "at least one of these holds"]], node.type, (value) => {
      node.type = value;
      this.tell();
    });
    how.setAttribute("aria-label", "How the conditions are joined");
    const parts = node.conditions.map((part, index) => this.condition(
      part, `${pointer}/conditions/${index}`,
      (next) => { node.conditions[index] = next; this.redraw(); },
      () => {
        node.conditions.splice(index, 1);
        // A group of one is the one.
        if (node.conditions.length === 1) {
          const only = node.conditions[0];
          replace(negated ? { type: "not", condition: only } : only);
        } else this.redraw();
      }));
    const more = select([["", "Add a condition …"], ...kinds], "", (value) => {
      if (value) { node.conditions.push(fresh(value)); this.redraw(); }
    });
    more.setAttribute("aria-label", "Add a condition");
    return make("div", { className: "tree" }, make("div", { className: "line" }, how), ...parts, make("div", { className: "line" }, more));
  }

  /** A condition without others in it. */
  leaf(node, pointer, tell) {
    switch (node.type) {
      case "did": case "did-not": return this.did(node, tell);
      case "in-segment": if (!node.forAtLeast) return this.membership(node, tell); break;
      case "rank": return this.rank(node, tell);
      case "compare": { const line = this.compare(node, tell); if (line) return line; break; }
      default:
    }
    return make("div", { className: "as-text" }, make("code", {}, this.texts[pointer] ?? node.type),
      make("span", { className: "soft" }, " (to be changed in the text)"));
  }

  did(node, tell) {
    const how = select([["did", "did"], ["did-not", "did not"]], node.type, (value) => {
      node.type = value;
      if (value === "did-not") delete node.count;
      this.redraw();
    });
    how.setAttribute("aria-label", "Whether it was done");
    const line = make("div", { className: "line" }, how, ...eventLine(node, tell, () => this.redraw()));
    if (node.type === "did") line.append(...countLine(node, tell, () => this.redraw()));
    return make("div", { className: "tree" }, line, whereBlock(node, tell, () => this.redraw()),
      make("div", { className: "line" }, ...windowLine(node, tell, () => this.redraw())));
  }

  membership(node, tell) {
    const name = input("text", node.segment, (value) => { node.segment = value; tell(); }, "segment-names");
    name.setAttribute("aria-label", "Segment");
    name.classList.add("wide");
    return make("div", { className: "line" }, word("is in segment"), name);
  }

  rank(node, tell) {
    const metric = input("text", node.metric, (value) => { node.metric = value; tell(); }, "metric-names");
    metric.setAttribute("aria-label", "Figure");
    const band = select([["top", "top"], ["bottom", "bottom"], ["quintile", "quintile"]], node.band, (value) => {
      node.band = value;
      delete node.percent;
      delete node.quintile;
      if (value === "quintile") node.quintile = 5; else node.percent = 10;
      this.redraw();
    });
    band.setAttribute("aria-label", "Which part");
    const key = node.band === "quintile" ? "quintile" : "percent";
    const amount = input("number", node[key], (value) => { node[key] = Number(value); tell(); });
    amount.setAttribute("aria-label", key === "percent" ? "Percent" : "Quintile, 1 to 5");
    const of = input("text", node.ofSegment ?? "", (value) => {
      if (value) node.ofSegment = value; else delete node.ofSegment;
      tell();
    }, "segment-names");
    of.setAttribute("aria-label", "Of which segment; empty: of everybody");
    of.placeholder = "everybody";
    return make("div", { className: "line" }, metric, word("in"), band, amount, word(key === "percent" ? "% of" : "of"), of);
  }

  /** Nil for comparisons whose sides can't be clicked. */
  compare(node, tell) {
    const left = subject(node.left, tell);
    const right = literalInput(node.right, (value) => { node.right = value; tell(); });
    if (!left || !right) return null;
    const operation = select(comparisons.map((sign) => [sign, sign]), node.comparison, (value) => { node.comparison = value; tell(); });
    operation.setAttribute("aria-label", "Comparison");
    return make("div", { className: "line" }, ...left, operation, right);
  }
}

/** The left side of a comparison: a figure, a trait, the cart, or a property. */
function subject(value, tell) {
  switch (value?.type) {
    case "metric": {
      const name = input("text", value.metric, (next) => { value.metric = next; tell(); }, "metric-names");
      name.setAttribute("aria-label", "Figure");
      return [word("figure"), name];
    }
    case "trait": {
      const path = input("text", value.path.join("."), (next) => { value.path = next.split("."); tell(); }, "trait-names");
      path.setAttribute("aria-label", "Trait");
      return [word("trait"), path];
    }
    case "cart": {
      const field = select(["value", "items", "quantity"].map((one) => [one, one]), value.field, (next) => { value.field = next; tell(); });
      field.setAttribute("aria-label", "Of the cart");
      return [word("cart"), field];
    }
    case "property": return [propertyInput(value.property, (next) => { value.property = next; tell(); })];
    default: return null;
  }
}

function label(text, element) { return make("label", { className: "line" }, make("span", { className: "word" }, text), element); }

function word(text) { return make("span", { className: "word" }, text); }

// The builder: text and tree are the same definition, and while either changes, who would be in it is counted.

import { ask } from "./dashboard.js";
import { make } from "./elements.js";
import { Tree } from "./tree.js";

const form = document.getElementById("builder");
const area = document.getElementById("definition");
const problems = document.getElementById("problems");
const live = document.getElementById("live");
const count = document.getElementById("count");
const pause = 350;

const number = new Intl.NumberFormat("en-US");
const tree = new Tree(document.getElementById("tree"), (changed) => later(() => convert({ tree: changed }, "text")));
document.getElementById("tree-card").hidden = false;
document.getElementById("check").hidden = true;

let timer;
let running;

/** Runs something when nothing has changed for a moment. */
function later(work) {
  clearTimeout(timer);
  timer = setTimeout(work, pause);
}

/** A question in the place of the one before, which is no longer of interest. */
async function post(path, body) {
  running?.abort();
  running = new AbortController();
  const response = await ask(path, {
    method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, signal: running.signal,
  });
  return [response.ok, await response.json()];
}

/** Asks for the other form, shows it, and counts. */
async function convert(body, wanted) {
  try {
    const [isDone, answer] = await post("/v1/definitions:convert", body);
    if (!isDone) { showProblems([{ severity: "error", message: answer.message, code: answer.code }]); return; }
    showProblems(answer.problems);
    const wrong = answer.problems.map((problem) => problem.pointer).filter(Boolean);
    if (wanted === "text" && answer.text !== undefined) area.value = answer.text;
    if (wanted === "tree" && answer.tree?.segment) tree.show(answer.tree, answer.texts, wrong);
    if (answer.problems.some((problem) => problem.severity === "error")) { live.setAttribute("aria-busy", "true"); return; }
    if (answer.tree) await preview(answer.text);
  } catch (error) {
    if (error.name !== "AbortError") showProblems([{ severity: "error", message: "The server does not answer; is it running?", code: "not-reached" }]);
  }
}

async function preview(definition) {
  live.setAttribute("aria-busy", "true");
  const [isDone, answer] = await post("/v1/segments:preview", { definition });
  if (!isDone) { showProblems(answer.details?.problems ?? [{ severity: "error", message: answer.message, code: answer.code }]); return; }
  live.setAttribute("aria-busy", "false");
  const segment = answer.segments[0];
  if (!segment) return;
  const share = segment.population > 0 ? (100 * segment.size / segment.population).toFixed(1) : "0.0";
  const lines = [
    make("p", { className: "size" }, number.format(segment.size)),
    make("p", { className: "soft" }, `${share} % of ${number.format(segment.population)} profiles`),
  ];
  if (segment.entering !== undefined) {
    lines.push(make("p", {}, make("span", { className: "tag good" }, `+${number.format(segment.entering)} would come in`), " ",
      make("span", { className: "tag" }, `−${number.format(segment.leaving)} would leave`)));
  }
  if (segment.sample.length) {
    lines.push(make("h3", {}, "Some of them"), make("ul", { className: "bare" }, ...segment.sample.slice(0, 8).map((id) =>
      make("li", {}, make("a", { href: "/profiles/" + encodeURIComponent(id) }, id)))));
  }
  count.replaceChildren(...lines);
}

function showProblems(found) {
  problems.replaceChildren(...(found.length ? [make("ul", { className: "problems" }, ...found.map((problem) => {
    const item = make("li", { className: problem.severity }, `${problem.message} [${problem.code}]`);
    if (problem.line) {
      const place = make("button", { type: "button", className: "quiet" }, `Line ${problem.line}`);
      place.addEventListener("click", () => point(problem.line, problem.column ?? 1));
      item.prepend(place, " ");
    }
    return item;
  }))] : []));
}

/** Puts the cursor where a problem is. */
function point(line, column) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  area.focus();
  area.setSelectionRange(start, start + (/^[\w"]+/.exec(area.value.slice(start))?.[0].length ?? 1));
}

area.addEventListener("input", () => later(() => convert({ text: area.value }, "tree")));

let isSending = false;
form.addEventListener("submit", () => { isSending = true; });
const before = area.value;
addEventListener("beforeunload", (event) => { if (!isSending && area.value !== before) event.preventDefault(); });

convert({ text: area.value }, "tree");

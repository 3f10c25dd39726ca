// Puts a chart that can be pointed at in the place of one that is drawn by the server. Its figures come from the table
// that stands below each chart, so nothing is said twice.

const loaded = new Map();

/** Loads a script of ours once. */
function load(path) {
  if (!loaded.has(path)) {
    loaded.set(path, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = path;
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    }));
  }
  return loaded.get(path);
}

function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

function amount(text) { return Number(text.replaceAll(",", "").replace("−", "-")); }

/** The oldest row first; the first column has names, the others figures. */
function read(table) {
  const rows = [...table.tBodies[0].rows].reverse();
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  return {
    names: rows.map((row) => row.cells[0].textContent),
    series: heads.slice(1).map((name, index) => ({ name, values: rows.map((row) => amount(row.cells[index + 1].textContent)) })),
  };
}

function options(kind, { names, series }, isStill) {
  const [accent, edge, line, soft, ink, card] = ["--accent", "--edge", "--line", "--soft", "--ink", "--card"].map(colour);
  const shown = kind === "line" ? series.slice(0, 1) : series.slice(0, 2);
  return {
    animation: !isStill, color: [accent, edge],
    textStyle: { fontFamily: "inherit", color: soft },
    grid: { left: 8, right: 44, top: shown.length > 1 ? 34 : 14, bottom: 4, containLabel: true },
    legend: shown.length > 1 ? { top: 0, left: 0, textStyle: { color: soft } } : undefined,
    // As text on the drawing: the other way needs styles in attributes, which the policy forbids.
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: card, borderColor: line, textStyle: { color: ink } },
    xAxis: { type: "category", data: names, boundaryGap: kind !== "line", axisLine: { lineStyle: { color: line } }, axisLabel: { color: soft, hideOverlap: true }, axisTick: { show: false } },
    yAxis: { type: "value", min: 0, splitLine: { lineStyle: { color: line } }, axisLabel: { color: soft } },
    series: shown.map(({ name, values }) => kind === "line"
      ? { name, type: "line", data: values, symbolSize: 7, areaStyle: { opacity: 0.12 }, lineStyle: { width: 2 } }
      : { name, type: "bar", data: values, barMaxWidth: 18 }),
  };
}

async function draw(figure) {
  const drawn = figure.querySelector("svg.chart");
  const table = figure.parentElement.querySelector("table");
  if (!drawn || !table) return;
  await load(figure.dataset.charts);
  const place = document.createElement("div");
  place.className = "drawn";
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", drawn.getAttribute("aria-label"));
  drawn.replaceWith(place);
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  const show = () => chart.setOption(options(figure.dataset.chart, read(table), matchMedia("(prefers-reduced-motion: reduce)").matches), true);
  show();
  new ResizeObserver(() => chart.resize()).observe(place);
  new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
}

for (const figure of document.querySelectorAll("[data-chart]")) draw(figure).catch(() => {});

// Draws every chart from the specification beside it, as SVG, so that it prints and zooms well: as
// wide as its place, and once more where that changes. A chart that is folded has no width yet.
const NARROW = 560; // px: below it names stand above their bars, and last values above the chart
const LEAST = 0.6; // of its width: a panel is not drawn narrower while it can stand below another
const LINE = 13; // px of a line of small words
const NUMBER = 44; // px of a number behind a bar
const EDGE = 16; // px around panels, and for the half of a year that stands at an end of an axis
const pen = document.createElement("canvas").getContext("2d");

function wide(words, size, weight, font) {
  pen.font = `${weight} ${size}px ${font}`;
  return pen.measureText(words).width;
}

// Words in lines of at most a width; Chinese breaks between any two signs.
function lines(words, most, size, font, weight = "normal") {
  const found = [""];
  for (const part of words.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+/g) ?? []) {
    const longer = found.at(-1) + part;
    const fits = wide(longer.trimEnd(), size, weight, font) <= most || !found.at(-1).trim();
    if (fits) found[found.length - 1] = longer;
    else found.push(part.trimStart());
  }
  return found.map((line) => line.trim()).filter(Boolean);
}

const layersOf = (view) => view.layer ?? [view];
const isNamed = (view) => layersOf(view).some((one) => one.encoding?.y?.type === "nominal");

// The specification for a place of this width. [px]
function fitted(spec, width) {
  const { font } = spec.config;
  const heading = [spec.title?.text ?? []].flat();
  const rows = spec.vconcat ?? [];
  rows.forEach((row) => fitRow(row, width, font));
  if (!rows.length) {
    spec.width = width;
    if (width < NARROW) {
      heading.push(...lastValues(spec));
      if (isNamed(spec)) namesAbove(spec, width, font);
      if (isNamed(spec) && !endOf(spec)) spec.padding = { left: 5, top: 5, bottom: 5, right: NUMBER };
    }
  }
  const views = rows.length ? rows.flatMap((row) => row.concat) : [spec];
  const left = rows.length ? rows[0].spacing.column : 0;
  views.flatMap(layersOf).forEach((one) => fitLegend(one, width - left - EDGE, font));
  const besideMenu = width - 36;
  const text = heading.flatMap((words) => lines(words, besideMenu, 12, font));
  if (text.length) spec.title = { ...spec.title, text };
  return spec;
}

// Panels in as many columns as there is room for, none wider than it was meant to be.
function fitRow(row, width, font) {
  const between = row.spacing.column;
  const { width: own } = row.concat[0];
  const named = width < NARROW && isNamed(row.concat[0]);
  const room = Math.floor((width - EDGE) / (LEAST * own + between));
  const columns = named ? 1 : Math.max(1, Math.min(row.columns, room));
  const each = named
    ? width - EDGE - NUMBER
    : Math.min(own, Math.floor((width - EDGE) / columns) - between);
  row.columns = columns;
  if (row.title) row.title.text = lines(row.title.text, width - between - EDGE, 12, font, "bold");
  row.concat.forEach((panel) => {
    panel.width = each;
    if (named) namesAbove(panel, each, font);
    const head = panel.layer.find((one) => one.mark.limit);
    const words = lines(head.encoding.text.value, columns > 1 ? each + between / 2 : each, 11, font);
    head.mark.limit = width;
    head.encoding.text.value = words;
    head.encoding.y.value -= LINE * (words.length - 1);
  });
}

// In one row where they fit, else in columns.
function fitLegend(view, width, font) {
  const { color, strokeDash } = view.encoding ?? {};
  if (!color?.legend) return;
  const widths = color.scale.domain.map((name) => Math.min(wide(name, 11, "normal", font), 260) + 34);
  const sum = widths.reduce((one, other) => one + other, 0);
  const columns = sum < width ? widths.length : Math.max(1, Math.floor(width / Math.max(...widths)));
  color.legend.columns = columns;
  if (strokeDash?.legend) strokeDash.legend.columns = columns;
}

// What stands right of the last year takes half of a narrow chart: it becomes a line above it.
function lastValues(spec) {
  const isLast = (one) => one.encoding?.x?.value === "width";
  const found = layersOf(spec).filter(isLast).map((one) => one.encoding.text.value);
  if (!found.length) return [];
  const year = spec.layer.find((one) => one.encoding?.x?.scale?.domain).encoding.x.scale.domain.at(-1);
  spec.layer = spec.layer.filter((one) => !isLast(one));
  return [`${year}: ${found.join(" · ")}`];
}

// Each name above its bar and as wide as the chart, instead of left of it.
function namesAbove(view, width, font) {
  const marks = layersOf(view).filter((one) => one.encoding?.y?.type === "nominal");
  const items = marks[0].encoding.y.sort;
  const broken = items.map((item) => item.split(" · ").flatMap((part) => lines(part, width - 8, 11, font)));
  const most = Math.max(...broken.map((words) => words.length));
  const padded = broken.map((words) => [...Array(most - words.length).fill(" "), ...words]);
  const told = Object.fromEntries(items.map((item, at) => [item, padded[at]]));
  const step = LINE * most + 24;
  const down = step / 2 - 12;
  view.height = step * items.length;
  marks.forEach((one) => {
    const { y } = one.encoding;
    const place = { labelAlign: "left", labelPadding: -4, labelOffset: 9 - step / 2, ticks: false };
    const labelExpr = `(${JSON.stringify(told)})[datum.label]`;
    y.axis = { ...y.axis, ...place, labels: true, labelLimit: width, minExtent: 0, labelExpr };
    one.mark = { ...one.mark, yOffset: down };
    if (one.mark.height) one.mark.height = 14;
    if (one.mark.type === "tick") one.mark.size = 20;
  });
  const end = endOf(view);
  if (!end) return;
  // Its words have a place behind the longest bar.
  const words = view.data.values.map((row) => (row.label ? wide(row.label, 11, "normal", font) : NUMBER));
  const more = width / Math.max(width - Math.max(...words), width / 3);
  marks.forEach((one) => (one.encoding.x.scale.domain = [0, end * more]));
}

// Where the axis of bars ends by itself; nothing where the numbers decide it.
function endOf(view) {
  return layersOf(view).find((one) => one.encoding?.x?.scale?.domain)?.encoding.x.scale.domain[1];
}

// A specification, or that of the chart in another language with its texts in the words of this one.
function specOf(figure) {
  const found = JSON.parse(figure.querySelector("script").textContent);
  if (!found.of) return found;
  const inWords = (part) => {
    if (typeof part === "string") return Object.hasOwn(found.words, part) ? found.words[part] : part;
    if (Array.isArray(part)) return part.map(inWords);
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, inWords(inner)]));
  };
  return inWords(specOf(document.getElementById(found.of)));
}

const states = new Map(); // place of a chart -> its width as drawn, what ends it, and its last work

async function draw(box) {
  const state = states.get(box);
  const width = box.clientWidth;
  if (!width || width === state.width || matchMedia("print").matches) return;
  state.width = width;
  state.end?.();
  const place = box.firstElementChild;
  const words = box.closest("[data-save]").dataset;
  const options = {
    renderer: "svg",
    actions: { export: true, source: false, compiled: false, editor: false },
    i18n: { CLICK_TO_VIEW_ACTIONS: words.save, SVG_ACTION: words.svg, PNG_ACTION: words.png },
  };
  try {
    const made = await vegaEmbed(place, fitted(specOf(box.parentElement), width), options);
    state.end = () => made.finalize();
    // What the chart shows stands in one sentence around it; its thousands of marks are not read.
    place.querySelector("svg.marks").setAttribute("aria-hidden", "true");
    place.querySelector("summary").setAttribute("aria-label", words.save);
  } catch (error) {
    place.textContent = error.message;
  }
  hold();
}

const watch = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const state = states.get(target);
    state.work = state.work.then(() => draw(target));
  }
});
document.querySelectorAll(".chart").forEach((box) => {
  states.set(box, { work: Promise.resolve() });
  watch.observe(box);
});

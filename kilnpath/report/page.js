// One language at a time, that of the place which the address names; and what is folded opens for it.
const parts = [...document.querySelectorAll(".part")];
const switches = [...document.querySelectorAll(".languages a")];

let held = true; // the place that the address names, while charts above it grow; until somebody moves

function named() {
  return document.getElementById(decodeURIComponent(location.hash.slice(1)));
}

function follow() {
  const target = named();
  if (parts.length) {
    const shown = target?.closest(".part") ?? parts[0];
    parts.forEach((part) => (part.hidden = part !== shown));
    switches.forEach((one) => {
      if (one.hash === `#${shown.id}`) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    });
    document.documentElement.lang = shown.lang;
    document.title = shown.dataset.title;
  }
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  held = true;
  hold();
}

function hold() {
  if (held) named()?.scrollIntoView();
}

// The other language opens where the reader is in this one.
function turn(event) {
  const to = document.getElementById(event.currentTarget.hash.slice(1));
  const from = parts.find((part) => !part.hidden);
  if (to === from) return;
  const read = [...from.querySelectorAll("section")].filter(
    (section) => section.getBoundingClientRect().top < innerHeight / 2,
  );
  const place = scrollY > 0 && read.at(-1)?.dataset.section;
  if (!place) return;
  event.preventDefault();
  location.hash = to.querySelector(`[data-section="${place}"]`).id;
}

switches.forEach((one) => one.addEventListener("click", turn));
for (const move of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  addEventListener(move, () => (held = false), { passive: true });
}
addEventListener("hashchange", follow);
follow();

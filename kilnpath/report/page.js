// Draws every chart from the specification beside it, as SVG, so that it prints and zooms well.
document.querySelectorAll("figure > script[type='application/json']").forEach((script) => {
  const place = script.previousElementSibling.firstElementChild;
  const words = document.body.dataset;
  const options = {
    renderer: "svg",
    actions: { export: true, source: false, compiled: false, editor: false },
    i18n: { CLICK_TO_VIEW_ACTIONS: words.save, SVG_ACTION: words.svg, PNG_ACTION: words.png },
  };
  vegaEmbed(place, JSON.parse(script.textContent), options).then(
    () => {
      // What the chart shows stands in one sentence around it; its thousands of marks are not read.
      place.querySelector("svg.marks").setAttribute("aria-hidden", "true");
      place.querySelector("summary").setAttribute("aria-label", words.save);
    },
    (error) => { place.textContent = error.message; },
  );
});

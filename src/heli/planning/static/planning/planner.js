// @ts-check
/** The plan's page: clicks on the map fill the form of adjustments, a point of the curve chooses its number of villages,
 * and after each answer the map shows the new plan. Without this file every form works by itself. */

/** @param {string} name @param {string} value */
function choose(name, value) {
  const field = document.querySelector(`#adjust-form [name="${name}"]`);
  if (!(field instanceof HTMLSelectElement) || ![...field.options].some((option) => option.value === value)) return;
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("heli-select", (event) => {
  const detail = /** @type {CustomEvent} */ (event).detail;
  const ids = (detail.ids ?? []).map(String);
  if (!ids.length) return;
  choose("one", ids[0]);
  choose("other", ids[1] ?? "");
});

document.addEventListener("heli-point", (event) => {
  const form = document.getElementById("count-form");
  const { x, id } = /** @type {CustomEvent} */ (event).detail;
  const count = form?.querySelector('[name="count"]');
  if (!(form instanceof HTMLFormElement) || !(count instanceof HTMLSelectElement) || id === null) return;
  count.value = String(x);
  if (count.value) form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-map-colour]") : null;
  const map = document.getElementById("plan-map");
  if (!button || !map) return;
  map.setAttribute("legend-title", button.getAttribute("data-map-title") ?? "");
  map.setAttribute("colour-kind", button.getAttribute("data-map-kind") ?? "category");
  map.setAttribute("colour-by", button.getAttribute("data-map-colour") ?? "kind");
});

document.addEventListener("htmx:afterSettle", () => {
  const plan = document.getElementById("plan");
  if (!plan) return;
  for (const field of document.querySelectorAll('input[name="version"]')) {
    if (field instanceof HTMLInputElement) field.value = plan.dataset.version ?? "";
  }
  const map = /** @type {any} */ (document.getElementById("plan-map"));
  if (!map || map.dataset.run === plan.dataset.run) return;
  map.dataset.run = plan.dataset.run;
  const src = (map.getAttribute("src") ?? "").split("?")[0];
  const outlines = (map.getAttribute("outlines") ?? "").split("?")[0];
  // The run's number makes the address new, so that no cache answers with the plan before.
  map.setAttribute("outlines", `${outlines}?run=${plan.dataset.run}`);
  map.setAttribute("src", `${src}?run=${plan.dataset.run}`);
});

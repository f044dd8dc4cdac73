// @ts-check
/** The pattern page's own buttons: colour the map by another property. */

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-map-colour]") : null;
  if (!button) return;
  const map = /** @type {any} */ (document.getElementById("pattern-map"));
  map.colourBy(button.getAttribute("data-map-colour"), button.getAttribute("data-map-kind"));
});

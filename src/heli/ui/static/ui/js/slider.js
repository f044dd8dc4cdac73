// @ts-check
/** A slider beside a number (`data-slider`, with `min` and `max`): either moves the other. Without this module the number is typed. */

/** @param {ParentNode} root */
export function enhance(root) {
  for (const number of root.querySelectorAll("input[data-slider]")) {
    if (!(number instanceof HTMLInputElement) || number.previousElementSibling?.matches("input[type=range]")) continue;
    const range = document.createElement("input");
    [range.type, range.min, range.max, range.step] = ["range", number.min, number.max, number.step || "1"];
    range.value = number.value;
    range.setAttribute("aria-label", number.labels?.[0]?.textContent?.trim() ?? "");
    range.addEventListener("input", () => (number.value = range.value));
    range.addEventListener("change", (event) => {
      event.stopPropagation();
      number.dispatchEvent(new Event("change", { bubbles: true }));
    });
    number.addEventListener("input", () => (range.value = number.value));
    number.before(range);
  }
}

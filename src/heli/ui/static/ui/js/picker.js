// @ts-check
/** A box that narrows a long choice of places (`data-find`): by name, first letters of its reading, or code. Without this module
 * the choice is grouped by town. */

const FEW = 12;

/** @param {ParentNode} root @param {string} label */
export function enhance(root, label) {
  for (const select of root.querySelectorAll("select[data-find]")) {
    if (!(select instanceof HTMLSelectElement) || select.options.length <= FEW) continue;
    if (select.previousElementSibling?.matches("[data-finds]")) continue;
    const box = document.createElement("input");
    [box.type, box.placeholder, box.autocomplete, box.dataset.finds] = ["search", label, "off", ""];
    box.setAttribute("aria-label", `${select.labels?.[0]?.textContent?.trim() ?? ""} ${label}`);
    const parts = [...select.children].map((part) => ({ part, options: [...part.querySelectorAll("option")] }));
    box.addEventListener("input", () => narrow(select, parts, box.value.trim().toLowerCase()));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      select.focus();
    });
    select.before(box);
  }
}

/** @param {HTMLSelectElement} select @param {{part: Element, options: HTMLOptionElement[]}[]} parts @param {string} wanted */
function narrow(select, parts, wanted) {
  /** @param {HTMLOptionElement} option */
  const fits = (option) => `${option.text} ${option.dataset.find ?? ""}`.toLowerCase().includes(wanted);
  /** @param {HTMLOptionElement} option */
  const stays = (option) => !option.value || (select.multiple && option.selected) || fits(option);
  const chosen = select.value;
  for (const { part, options } of parts) if (options.length) part.replaceChildren(...options.filter(stays));
  const left = parts.filter(({ part, options }) => (options.length ? part.children.length > 0 : stays(/** @type {any} */ (part))));
  select.replaceChildren(...left.map(({ part }) => part));
  if (select.multiple) return;
  const options = [...select.options];
  const kept = options.find((option) => option.value === chosen && chosen);
  const first = wanted ? options.find((option) => option.value) : undefined;
  select.value = (kept ?? first)?.value ?? "";
  if (select.value !== chosen) select.dispatchEvent(new Event("change", { bubbles: true }));
}

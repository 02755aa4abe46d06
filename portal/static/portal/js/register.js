/* Betters the register list where htmx runs: hooks on [data-portal-register]. Without it every form still works. */
(() => {
  "use strict";
  const opened = new Map();
  const region = () => document.querySelector("[data-portal-register]");

  // another oblast has other hromadas
  document.addEventListener("htmx:configRequest", (event) => {
    const changed = event.detail.triggeringEvent && event.detail.triggeringEvent.target;
    if (changed && changed.name === "oblast") event.detail.parameters.delete("hromada");
    for (const name of ["q", "oblast", "hromada", "sum_from", "sum_to", "sort"]) {
      if (event.detail.parameters.get(name) === "") event.detail.parameters.delete(name);
    }
    if (event.detail.parameters.get("sort") === "name") event.detail.parameters.delete("sort");
  });

  // what the reader has unfolded stays unfolded
  document.addEventListener("htmx:beforeSwap", () => {
    for (const part of region().querySelectorAll("details[id]")) opened.set(part.id, part.open);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const part of region().querySelectorAll("details[id]")) {
      if (opened.has(part.id)) part.open = opened.get(part.id) || part.open;
    }
    // a live region speaks only if it was there before: the number found is told aloud through one that stays
    document.querySelector("[data-portal-said]").textContent = region().querySelector("#found").textContent.trim();
  });
})();

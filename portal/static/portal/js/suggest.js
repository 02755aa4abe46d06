/* Suggestions while typing, by the ARIA pattern of a combobox with a list: hooks on [data-portal-suggest].
   The value of the hook is the address asked; data-portal-suggest-place names the select a chosen place goes to.
   Without this script the field is a plain field. */
(() => {
  "use strict";
  const WAIT = 120;
  const LEAST = 2;
  let list = null;
  let input = null;
  let timer = 0;
  let asked = 0;
  let found = [];
  let at = -1;

  const prepare = (field) => {
    if (field.getAttribute("role") === "combobox") return;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", `${field.id}-suggestions`);
    field.setAttribute("autocapitalize", "none");
    field.spellcheck = false;
  };
  const prepareAll = () => document.querySelectorAll("[data-portal-suggest]").forEach(prepare);

  const close = () => {
    clearTimeout(timer);
    asked += 1;
    if (list) list.remove();
    if (input) {
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
    list = null;
    found = [];
    at = -1;
  };

  const point = (place) => {
    at = place;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  };

  const option = (one, number) => {
    const item = document.createElement("li");
    item.id = `${input.id}-suggestion-${number}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const text = document.createElement("b");
    text.textContent = one.text;
    item.append(text);
    if (one.detail) {
      const detail = document.createElement("span");
      detail.textContent = one.kind === "need" ? ` → ${one.detail}` : ` · ${one.detail}`;
      item.append(detail);
    }
    return item;
  };

  const show = (field, suggestions) => {
    close();
    if (!suggestions.length || document.activeElement !== field) return;
    input = field;
    found = suggestions;
    list = document.createElement("ul");
    list.id = `${field.id}-suggestions`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels[0] ? field.labels[0].textContent : "");
    list.append(...suggestions.map(option));
    const parent = field.closest(".field");
    parent.classList.add("has-suggestions");
    parent.append(list);
    field.setAttribute("aria-expanded", "true");
  };

  const ask = async (field) => {
    const text = field.value.trim();
    if (text.length < LEAST) return close();
    const mine = (asked += 1);
    const query = new URLSearchParams({ q: text, lang: document.documentElement.lang });
    try {
      const answer = await fetch(`${field.dataset.portalSuggest}?${query}`, { headers: { Accept: "application/json" } });
      const told = answer.ok ? (await answer.json()).suggestions : [];
      if (mine === asked) show(field, told);
    } catch {
      if (mine === asked) close();
    }
    return undefined;
  };

  // a place goes to its own field, the words stay words
  const take = (one) => {
    const field = input;
    const select = document.getElementById(field.dataset.portalSuggestPlace || "");
    const form = field.form;
    if (one.place && select) {
      if (![...select.options].some((known) => known.value === one.place)) {
        select.add(new Option(one.place_name, one.place), 1);
      }
      select.value = one.place;
      field.value = one.query;
    } else field.value = one.place ? one.text : one.query;
    close();
    if (form) form.requestSubmit();
  };

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-portal-suggest]")) return;
    prepare(event.target);
    clearTimeout(timer);
    timer = setTimeout(() => ask(event.target), WAIT);
  });
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== input) {
      if (event.key === "Enter" && event.target.matches("[data-portal-suggest]")) close();
      return;
    }
    const last = found.length - 1;
    if (event.key === "ArrowDown") point(at >= last ? -1 : at + 1);
    else if (event.key === "ArrowUp") point(at < 0 ? last : at - 1);
    else if (event.key === "Enter" && at >= 0) take(found[at]);
    else if (event.key === "Escape") close();
    else {
      if (event.key === "Enter" || event.key === "Tab") close();
      return;
    }
    event.preventDefault();
  });
  // before the field loses focus
  document.addEventListener("mousedown", (event) => {
    const item = list && event.target.closest("[role=option]");
    if (!item) return;
    event.preventDefault();
    take(found[[...list.children].indexOf(item)]);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === input) close();
  });
  document.addEventListener("htmx:beforeSwap", close);
  document.addEventListener("htmx:afterSwap", prepareAll);
  prepareAll();
  // on a slow line people type before this script has come
  const early = document.activeElement;
  if (early && early.matches("[data-portal-suggest]") && early.value !== early.defaultValue) ask(early);
})();

/* What a reader keeps, ticks for comparison and needs on the way: in this browser alone, sent nowhere but as ids that are
   asked for. Hooks: [data-portal-keep], [data-portal-kept-list], [data-portal-compare], [data-portal-way]. Without this
   script boxes and forms work, and what needs it stays hidden. */
(() => {
  "use strict";
  const KEPT = "poruch.kept";
  const TICKED = "poruch.ticked";
  const PROFILE = "poruch.profile";
  const MOST = 4;
  const MOST_KEPT = 40;
  const all = (hook, root = document) => [...root.querySelectorAll(`[data-portal-${hook}]`)];
  const one = (hook) => document.querySelector(`[data-portal-${hook}]`);

  // a browser may refuse to keep anything: then everything works for this page alone
  const read = (store, key) => {
    try {
      const found = JSON.parse(window[store].getItem(key) || "[]");
      return Array.isArray(found) ? found.filter((id) => typeof id === "string") : [];
    } catch {
      return [];
    }
  };
  const write = (store, key, ids) => {
    try {
      if (ids.length) window[store].setItem(key, JSON.stringify(ids));
      else window[store].removeItem(key);
    } catch {
      return false;
    }
    return true;
  };
  const say = (text) => {
    const said = one("said");
    if (said) said.textContent = text;
  };

  // --- kept ---------------------------------------------------------------------------------------------------------

  const showKept = () => {
    const kept = read("localStorage", KEPT);
    for (const button of all("keep")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(kept.includes(button.dataset.portalKeep)));
    }
    for (const link of all("kept-count")) {
      link.hidden = !kept.length;
      link.querySelector("b").textContent = kept.length;
    }
    const actions = one("kept-actions");
    if (actions) actions.hidden = !kept.length && !one("sent");
  };

  const loadKept = async () => {
    const list = one("kept-list");
    if (!list || "portalSent" in list.dataset) return;
    const kept = read("localStorage", KEPT);
    if (!kept.length) return;
    list.setAttribute("aria-busy", "true");
    try {
      const address = new URL(location.pathname, location.href);
      for (const id of kept) address.searchParams.append("service", id);
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.body.childNodes);
    } catch {
      list.textContent = list.dataset.failed;
    }
    list.removeAttribute("aria-busy");
    showKept();
    showTicked();
  };

  const keep = (id) => {
    const kept = read("localStorage", KEPT);
    const now = kept.includes(id) ? kept.filter((other) => other !== id) : [id, ...kept].slice(0, MOST_KEPT);
    write("localStorage", KEPT, now);
    showKept();
  };

  // --- ticked for comparison ----------------------------------------------------------------------------------------

  const boxes = () => all("compare").length ? [...document.querySelectorAll('input[name="service"][form="compare"]')] : [];

  const showTicked = () => {
    const bar = one("compare");
    if (!bar) return;
    const ticked = read("sessionStorage", TICKED);
    const here = new Set();
    for (const box of boxes()) {
      here.add(box.value);
      box.checked = ticked.includes(box.value);
    }
    for (const old of bar.querySelectorAll("input[type=hidden][name=service]")) old.remove();
    // those of other pages go along
    for (const id of ticked) {
      if (!here.has(id)) bar.append(Object.assign(document.createElement("input"), { type: "hidden", name: "service", value: id }));
    }
    bar.classList.toggle("stuck", ticked.length > 0);
    one("compare-count").textContent = ticked.length ? ` (${ticked.length})` : "";
    one("compare-none").hidden = !ticked.length;
    one("compare-hint").hidden = ticked.length > 1;
    document.documentElement.classList.toggle("with-bar", ticked.length > 0);
  };

  const tick = (box) => {
    const ticked = read("sessionStorage", TICKED).filter((id) => id !== box.value);
    const said = one("compare-said");
    said.textContent = "";
    if (box.checked && ticked.length >= MOST) {
      box.checked = false;
      said.textContent = one("compare").dataset.full;
    } else if (box.checked) ticked.push(box.value);
    if (!write("sessionStorage", TICKED, ticked)) return;
    showTicked();
  };

  // --- my way there -------------------------------------------------------------------------------------------------

  const profile = () => read("localStorage", PROFILE)[0] || "";

  const offerToRemember = () => {
    const label = one("remember");
    if (!label) return;
    label.hidden = false;
    label.querySelector("input").checked = profile() !== "";
  };

  const openWay = async () => {
    const way = one("way");
    if (!way || !profile() || new URLSearchParams(location.search).has("profile")) return;
    const address = new URL(location.href);
    address.searchParams.set("profile", profile());
    try {
      const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
      const told = page.querySelector("[data-portal-way]");
      if (told) way.replaceChildren(...told.childNodes);
    } catch {
      return;
    }
    offerToRemember();
  };

  const rememberProfile = () => {
    const chosen = document.getElementById("way-profile") || document.getElementById("f-profile");
    const box = document.getElementById("way-remember");
    if (chosen && box) write("localStorage", PROFILE, box.checked && chosen.value ? [chosen.value] : []);
  };

  // a search begun anew begins with what is remembered; whoever changes it there has changed it
  const beginSearch = () => {
    const chosen = document.getElementById("f-profile");
    if (!chosen || location.search || !profile() || chosen.value) return;
    chosen.value = profile();
    if (chosen.value) chosen.form.requestSubmit();
  };

  // --- everything ---------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.portalKeep) keep(button.dataset.portalKeep);
    else if ("portalPrint" in button.dataset && !button.closest("[data-portal-share]")) window.print();
    else if ("portalCompareNone" in button.dataset) {
      write("sessionStorage", TICKED, []);
      showTicked();
    } else if ("portalKeepNone" in button.dataset && window.confirm(button.dataset.sure)) {
      write("localStorage", KEPT, []);
      const list = one("kept-list");
      list.textContent = button.dataset.done;
      say(button.dataset.done);
      showKept();
      write("sessionStorage", TICKED, []);
      list.tabIndex = -1;
      list.focus();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches('input[name="service"][form="compare"]')) tick(event.target);
    if (event.target.matches("#way-remember, #way-profile, #f-profile")) rememberProfile();
  });
  const showAll = () => {
    showKept();
    showTicked();
    offerToRemember();
  };
  document.addEventListener("htmx:afterSwap", showAll);
  // the button "back" shows a page as it was left
  window.addEventListener("pageshow", showAll);
  showAll();
  beginSearch();
  loadKept();
  openWay();
})();

/* The form of a visit on a phone, with or without network. Without this script the form is sent by its button.
   <form data-portal-visit="id" data-portal-owner="person" data-portal-send="address" data-portal-ask="address" data-portal-worker="address">
     <div data-portal-head>: fields of the visit;  <section data-portal-item="code">: one item, kept and sent whole
     <section data-portal-extra>: a finding the checklist does not ask for;  <button data-portal-more>: one more of them
     <p data-portal-visit-state data-kept="…" …>: the words of the state line;  <div data-portal-visit-faults><ul>: what is refused
   What was written is kept in this browser, by person and visit, until the server has it. Each press of the button makes a
   parcel with a key of its own: it is sent until it is answered, and the server takes a key once. */
(() => {
  "use strict";

  const form = document.querySelector("[data-portal-visit]");
  if (!form) return;
  const PREFIX = "portal-visit";
  const SHELF = "portal-visits";
  const RETRY = 20000;
  const place = `${PREFIX}:${form.dataset.portalOwner}:${form.dataset.portalVisit}`;
  const state = document.querySelector("[data-portal-visit-state]");
  const faults = document.querySelector("[data-portal-visit-faults]");
  const login = document.querySelector("[data-portal-visit-login]");
  const FINDING = ["kind", "severity", "citation", "text", "demand", "due_on"];
  const HEAD = ["held_on", "place", "present", "notes"];

  const unique = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    // without a secure address there is no randomUUID, but there are random numbers
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };

  const device = (() => {
    try {
      const known = localStorage.getItem(`${PREFIX}-device`) || unique();
      localStorage.setItem(`${PREFIX}-device`, known);
      return known;
    } catch {
      return unique();
    }
  })();

  // items and head: what the server does not have yet; parcels: pressed and not answered yet
  let memory = null;
  const read = () => {
    try {
      memory = JSON.parse(localStorage.getItem(place) || "null") || memory;
    } catch { /* a browser that keeps nothing: the page itself does */ }
    memory = memory || { items: {}, head: {}, parcels: [] };
    return memory;
  };
  const write = (record) => {
    memory = record;
    try {
      const empty = !Object.keys(record.items).length && !Object.keys(record.head).length && !record.parcels.length;
      if (empty) localStorage.removeItem(place);
      else localStorage.setItem(place, JSON.stringify(record));
      if (empty) memory = null;
      return true;
    } catch {
      return false;
    }
  };
  const change = (how) => {
    const record = read();
    how(record);
    return write(record);
  };

  const say = (name) => {
    login.hidden = name !== "signedout";
    state.textContent = state.dataset[name] || name;
    state.className = "draft-state";
    if (["offline", "kept", "restored", "contested"].includes(name)) state.classList.add("warn");
    if (["signedout", "stranger", "over", "faulty", "full"].includes(name) || !(name in state.dataset)) state.classList.add("bad");
  };

  const controls = (name) => [...form.elements].filter((one) => one.name === name);
  const value = (name) => {
    const found = controls(name);
    if (found.length && found[0].type === "radio") return (found.find((one) => one.checked) || { value: "" }).value;
    return found.length ? found[0].value : "";
  };
  const put = (name, text) => {
    controls(name).forEach((one) => {
      if (one.type === "radio") one.checked = one.value === text;
      else one.value = text;
    });
  };

  // one item as the server reads it; a finding without words that the checklist does not ask for is taken back
  const told = (section) => {
    const code = section.dataset.portalItem;
    const finding = Object.fromEntries(FINDING.map((name) => [name, value(`${code}-${name}`)]));
    let answer = value(`${code}-answer`);
    if ("portalExtra" in section.dataset) answer = finding.text.trim() ? "breach" : "not_applicable";
    return { answer, note: value(`${code}-note`), finding, base: value(`${code}-base`), at: new Date().toISOString() };
  };

  const keep = (event) => {
    const section = event.target.closest("[data-portal-item]");
    const well = change((record) => {
      if (section) record.items[section.dataset.portalItem] = told(section);
      else if (HEAD.includes(event.target.name)) record.head[event.target.name] = event.target.value;
    });
    say(well ? "kept" : "full");
    if (!form.dataset.portalShelved && navigator.onLine) shelve();
  };

  // a place for one more finding: the last one with another code
  const more = (code) => {
    const all = form.querySelectorAll("[data-portal-extra]");
    const last = all[all.length - 1];
    const copy = last.cloneNode(true);
    const before = last.dataset.portalItem;
    copy.dataset.portalItem = code;
    copy.querySelectorAll("[id], [for], [name], [aria-labelledby]").forEach((one) => {
      ["id", "for", "name", "aria-labelledby"].forEach((name) => {
        if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replace(before, code));
      });
    });
    copy.querySelectorAll(".field-error, .other").forEach((one) => one.remove());
    copy.querySelectorAll(".wrong").forEach((one) => one.classList.remove("wrong"));
    copy.querySelectorAll("input, textarea, select").forEach((one) => { one.value = ""; });
    last.after(copy);
    return copy;
  };

  const restore = () => {
    const record = read();
    for (const [code, one] of Object.entries(record.items)) {
      if (code.startsWith("extra-") && !form.querySelector(`[data-portal-item="${CSS.escape(code)}"]`)) more(code);
      const section = form.querySelector(`[data-portal-item="${CSS.escape(code)}"]`);
      if (!section) continue;
      put(`${code}-answer`, one.answer);
      // what it changes is what it knew then, not what this page shows
      put(`${code}-base`, one.base);
      put(`${code}-note`, one.note);
      FINDING.forEach((name) => put(`${code}-${name}`, one.finding[name] || ""));
      const folded = section.querySelector("details");
      if (folded && (folded.classList.contains("note-part") ? one.note : one.finding.text)) folded.open = true;
    }
    for (const [name, text] of Object.entries(record.head)) put(name, text);
    return Object.keys(record.items).length || Object.keys(record.head).length || record.parcels.length;
  };

  // everything not sent yet becomes a parcel; what is written after it goes into the next one
  const pack = () => change((record) => {
    const waiting = new Set(record.parcels.flatMap((one) => Object.entries(one.content.answers).map(([code, two]) => code + two.at)));
    const answers = Object.fromEntries(
      Object.entries(record.items).filter(([code, one]) => one.answer && !waiting.has(code + one.at)));
    const head = Object.fromEntries(
      Object.entries(record.head).filter(([name, text]) => !record.parcels.some((one) => one.content[name] === text)));
    // pressed again with nothing new: what waits is enough
    if (record.parcels.length && !Object.keys(answers).length && !Object.keys(head).length) return;
    const content = { ...head, held_on: value("held_on"), answers };
    content.was = { present: value("was-present"), notes: value("was-notes") };
    record.parcels.push({ key: unique(), device, content });
  });

  const settle = (parcel, marks) => change((record) => {
    record.parcels = record.parcels.filter((one) => one.key !== parcel.key);
    for (const [code, one] of Object.entries(parcel.content.answers)) {
      if (record.items[code] && record.items[code].at === one.at) delete record.items[code];
      if (marks[code]) put(`${code}-base`, marks[code]);
    }
    for (const name of HEAD) {
      if (record.head[name] === parcel.content[name]) delete record.head[name];
    }
    ["present", "notes"].forEach((name) => { if (name in parcel.content) put(`was-${name}`, parcel.content[name]); });
  });

  const refused = (parcel, reasons) => {
    change((record) => { record.parcels = record.parcels.filter((one) => one.key !== parcel.key); });
    const list = faults.querySelector("ul");
    list.replaceChildren(...Object.entries(reasons).map(([name, reason]) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#f-${name}`;
      link.textContent = reason;
      line.append(link);
      return line;
    }));
    form.querySelectorAll("[data-portal-fault]").forEach((one) => one.remove());
    for (const [name, reason] of Object.entries(reasons)) {
      const field = document.getElementById(`f-${name}`);
      const block = field && (field.closest(".field") || field);
      if (!block) continue;
      const line = document.createElement("p");
      line.className = "field-error";
      line.dataset.portalFault = name;
      line.textContent = reason;
      block.classList.add("wrong");
      block.prepend(line);
    }
    faults.hidden = false;
    faults.focus();
    say("faulty");
  };

  const ask = async (address, options = {}) => {
    const response = await fetch(address, { redirect: "manual", headers: { Accept: "application/json" }, ...options });
    if (response.type === "opaqueredirect" || response.status === 403) return { status: 403, answer: {} };
    let answer = {};
    try { answer = await response.json(); } catch { /* not the portal's own answer */ }
    return { status: response.status, answer };
  };

  const post = (parcel, token) => ask(form.dataset.portalSend, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
    body: JSON.stringify(parcel),
  });

  let timer = 0;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(send, RETRY);
  };

  // send what was pressed, one parcel after another, and say how it went
  const deliver = async () => {
    if (!read().parcels.length) return null;
    if (!navigator.onLine) return "offline";
    say("sending");
    let told_state;
    try { told_state = await ask(form.dataset.portalAsk); } catch { return "offline"; }
    if (told_state.status === 403) return "signedout";
    if (told_state.status !== 200) return told_state.status >= 500 ? "offline" : "over";
    if (String(told_state.answer.user) !== form.dataset.portalOwner) return "stranger";
    if (!told_state.answer.open) return "over";
    let contested = 0;
    while (read().parcels.length) {
      const parcel = read().parcels[0];
      let sent;
      try { sent = await post(parcel, told_state.answer.token); } catch { return "offline"; }
      if (sent.status === 422) { refused(parcel, sent.answer.faults); return "faulty"; }
      if (sent.status === 403) return "signedout";
      if (sent.status >= 500) return "offline";
      if (sent.status !== 200) return sent.answer.refusal || "over";
      settle(parcel, sent.answer.marks);
      contested = sent.answer.contested;
    }
    return contested ? "contested" : "sent";
  };

  let running = null;
  const send = async () => {
    clearTimeout(timer);
    if (running) return running;
    const turn = () => deliver();
    // two windows with one visit send in turn
    running = navigator.locks ? navigator.locks.request(place, turn) : turn();
    const word = await running;
    running = null;
    if (word) say(word);
    if (word === "offline") again();
    const { items, head } = read();
    const more_written = Object.keys(items).length || Object.keys(head).length;
    if (["sent", "contested"].includes(word)) {
      if (more_written) say("kept");
      else await forget();
    }
    return word;
  };

  // the page and all it needs, so that it opens without network
  const shelve = async () => {
    form.dataset.portalShelved = "yes";
    if (!("serviceWorker" in navigator) || !("caches" in window)) return;
    try {
      await navigator.serviceWorker.register(form.dataset.portalWorker);
      const shelf = await caches.open(SHELF);
      const address = window.location.origin + window.location.pathname;
      const fresh = await fetch(address, { redirect: "error" });
      if (!fresh.ok) return;
      await shelf.put(address, fresh);
      const needed = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")];
      await Promise.all(needed.map((one) => shelf.add(one.href || one.src).catch(() => null)));
      form.dataset.portalReady = "yes";
      if (!state.textContent) say("ready");
    } catch { /* no network: the page is on its shelf already, or the browser has none */ }
  };

  // sent, the page of the visit leaves the phone
  const forget = async () => {
    delete form.dataset.portalShelved;
    try {
      const shelf = await caches.open(SHELF);
      await shelf.delete(window.location.origin + window.location.pathname);
    } catch { /* there was no shelf */ }
  };

  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    faults.hidden = true;
    form.querySelectorAll("[data-portal-fault]").forEach((one) => one.remove());
    form.querySelectorAll(".wrong").forEach((one) => one.classList.remove("wrong"));
    pack();
    send();
  });
  window.addEventListener("online", send);
  window.addEventListener("offline", () => say("offline"));
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  const adder = form.querySelector("[data-portal-more]");
  form.querySelector("[data-portal-more-holder]").hidden = false;
  adder.addEventListener("click", () => {
    const copy = more(`extra-${unique().replaceAll("-", "").slice(0, 12)}`);
    copy.querySelector("details").open = true;
    copy.querySelector("textarea").focus();
  });

  if (restore()) say(navigator.onLine ? "restored" : "offline");
  if (read().parcels.length) send();
  shelve();
})();

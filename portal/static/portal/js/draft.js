/* Drafts that cannot be lost. Without this script every page of an application saves by its button.
   <form data-portal-draft="id" data-portal-owner="person" data-portal-save="address">: answers are saved at each pause
     <div data-portal-path="services/1/content">: the controls of one field
     <input data-portal-base>: what each field began with, path → [version, value]
     <p data-portal-state data-saved="…" …>: the words of the state line;  <div data-portal-panel>: where conflicts go
     <output data-portal-sum="path">, <div data-portal-asked="path">: what answers bring forth, where the server tells it
   <form data-portal-once>: submitted once;  <div data-portal-forget="id">: submitted, its local copies go away
   What is not on the server yet is kept in this browser, by person, application and field. */
(() => {
  "use strict";

  const PAUSE = 1500;
  const RETRY = 15000;
  const PREFIX = "portal-draft";
  // what another window has just written is that window's to send
  const OWN_FOR = 30000;
  const tab = (() => {
    const made = String(Math.random()).slice(2);
    try {
      const known = sessionStorage.getItem(PREFIX) || made;
      sessionStorage.setItem(PREFIX, known);
      return known;
    } catch {
      return made;
    }
  })();

  const store = {
    read(start) {
      const found = new Map();
      try {
        for (let place = 0; place < localStorage.length; place += 1) {
          const key = localStorage.key(place);
          if (key.startsWith(start)) found.set(key.slice(start.length), JSON.parse(localStorage.getItem(key)));
        }
      } catch { /* a browser that keeps nothing still saves on the server */ }
      return found;
    },
    write(key, value) {
      try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* the same */ }
    },
    remove(key) {
      try { localStorage.removeItem(key); } catch { /* the same */ }
    },
    forget(start) {
      for (const path of store.read(start).keys()) store.remove(start + path);
    },
  };

  const controls = (block) =>
    [...block.querySelectorAll("input, select, textarea")].filter((one) => one.name && one.type !== "file");
  const pairs = (block) =>
    controls(block)
      .filter((one) => !["checkbox", "radio"].includes(one.type) || one.checked)
      .map((one) => [one.name, one.value]);
  // what the page came with, whatever was typed before this script came; kinds whose values browsers correct stay as they are
  const asSent = (one) => {
    if (one.tagName === "SELECT" && !one.multiple) {
      const option = [...one.options].find((each) => each.defaultSelected) || one.options[0];
      return option ? option.value : "";
    }
    return ["text", "tel", "search", "textarea"].includes(one.type) ? one.defaultValue : one.value;
  };
  const pairsAsSent = (block) =>
    controls(block)
      .filter((one) => !["checkbox", "radio"].includes(one.type) || one.defaultChecked)
      .map((one) => [one.name, asSent(one)]);
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // what was typed comes back into the controls; boxes and radios by their values
  const fill = (block, told) => {
    const left = told.map((pair) => [...pair]);
    for (const one of controls(block)) {
      const place = left.findIndex(([name, value]) =>
        name === one.name && (!["checkbox", "radio"].includes(one.type) || value === one.value));
      if (["checkbox", "radio"].includes(one.type)) one.checked = place >= 0;
      else one.value = place >= 0 ? left[place][1] : "";
      if (place >= 0) left.splice(place, 1);
    }
    const folded = block.closest("details");
    if (folded) folded.open = true;
  };

  // a line that grows or shrinks while a button is held down would move the button away before it is let go
  let pressed = false;

  class Draft {
    constructor(form) {
      this.form = form;
      this.start = `${PREFIX}:${form.dataset.portalOwner}:${form.dataset.portalDraft}:`;
      this.field = form.querySelector("[data-portal-base]");
      this.base = this.field ? JSON.parse(this.field.value || "{}") : {};
      this.state = document.querySelector("[data-portal-state]");
      this.panel = document.querySelector("[data-portal-panel]");
      this.blocks = new Map([...form.querySelectorAll("[data-portal-path]")].map((one) => [one.dataset.portalPath, one]));
      this.began = new Map([...this.blocks].map(([path, block]) => [path, pairsAsSent(block)]));
      this.pause = 0;
      this.retry = 0;
      this.running = null;
      this.unsaid = null;
      // fields whose version was chosen: what stands in them is not told again while the page goes away
      this.chosen = new Set();
    }

    listen() {
      this.form.addEventListener("input", (event) => this.noticed(event));
      this.form.addEventListener("change", (event) => this.noticed(event));
      this.form.addEventListener("focusout", (event) => {
        this.noticed(event);
        if (this.copies().size) this.save();
      });
      window.addEventListener("online", () => this.save());
      window.addEventListener("offline", () => this.say("offline"));
      window.addEventListener("pagehide", () => this.keepAll());
      if (this.field) this.form.addEventListener("submit", (event) => this.submit(event));
      document.addEventListener("submit", (event) => {
        if (event.target.closest("[data-portal-conflicts]")) this.choose(event);
      });
    }

    copies() {
      return store.read(this.start);
    }

    say(name, values = {}) {
      if (!this.state) return;
      this.unsaid = pressed ? [name, values] : null;
      if (pressed) return;
      let text = this.state.dataset[name] || name;
      for (const [key, value] of Object.entries(values)) text = text.replace(`{${key}}`, value);
      if (this.state.textContent !== text) this.state.textContent = text;
      this.state.className = "draft-state";
      if (["offline", "file", "contested", "faulty"].includes(name)) this.state.classList.add("warn");
      if (!(name in this.state.dataset)) this.state.classList.add("bad");
    }

    noticed(event) {
      const block = event.target.closest && event.target.closest("[data-portal-path]");
      if (!block || event.target.type === "file") return;
      this.keep(block);
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.save(), PAUSE);
    }

    // one field that says something else than the server knows, kept here until it is there
    keep(block) {
      const path = block.dataset.portalPath;
      if (this.chosen.has(path)) return;
      const told = pairs(block);
      const known = this.copies().get(path);
      if (known && same(known.pairs, told)) return;
      if (!known && same(told, this.began.get(path))) return;
      const version = known ? known.version : (this.base[path] || [0])[0];
      store.write(this.start + path, { pairs: told, version, at: Date.now(), tab });
    }

    keepAll() {
      this.blocks.forEach((block) => this.keep(block));
    }

    restore() {
      let found = 0;
      for (const [path, copy] of this.copies()) {
        const block = this.blocks.get(path);
        if (!block) continue;
        if (same(copy.pairs, this.began.get(path))) {
          store.remove(this.start + path);
          continue;
        }
        fill(block, copy.pairs);
        store.write(this.start + path, { ...copy, tab });
        found += 1;
        if (copy.refused) this.mark(path, copy.refused);
      }
      if (found) this.say("restored");
      this.keepAll();
      if (this.copies().size) this.save();
    }

    async save() {
      clearTimeout(this.pause);
      // one at a time, however many wait: what is sent beside an answer not read yet would contest one's own words
      while (this.running) await this.running;
      this.running = this.send();
      const well = await this.running;
      this.running = null;
      return well;
    }

    async send() {
      const open = [...this.copies()].filter(([, copy]) => !copy.refused && !copy.contested);
      const waiting = open.filter(([, copy]) => copy.tab === tab || Date.now() - copy.at > OWN_FOR);
      if (waiting.length < open.length) this.again();
      if (!waiting.length) return true;
      if (!navigator.onLine) {
        this.say("offline");
        return false;
      }
      this.say("saving");
      // each version apart: what was typed on an older page is judged by what that page knew
      const versions = [...new Set(waiting.map(([, copy]) => copy.version))].sort((one, other) => one - other);
      let answer = null;
      for (const version of versions) {
        answer = await this.post(version, waiting.filter(([, copy]) => copy.version === version));
        if (!answer) return false;
      }
      this.told(answer);
      return true;
    }

    async post(version, waiting) {
      const fields = Object.fromEntries(waiting.map(([path, copy]) => [path, copy.pairs]));
      const body = JSON.stringify({ base_version: version, fields, here: window.location.pathname });
      const token = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
      let response;
      try {
        response = await fetch(this.form.dataset.portalSave, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
          body,
        });
      } catch {
        this.say("offline");
        this.again();
        return null;
      }
      let answer = {};
      try { answer = await response.json(); } catch { /* not the portal's own answer */ }
      if (!response.ok) {
        this.say(`${this.state.dataset.refused} ${answer.refusal || ""}`.trim());
        if (response.status >= 500) this.again();
        return null;
      }
      waiting.forEach(([path, copy]) => this.settle(path, copy, answer));
      if (answer.panel && this.panel) this.contest(answer.panel);
      return answer;
    }

    again() {
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.save(), RETRY);
    }

    // what became of one field that was sent
    settle(path, copy, answer) {
      const key = this.start + path;
      const now = this.copies().get(path);
      const unchanged = now && same(now.pairs, copy.pairs);
      if (answer.contested.includes(path)) {
        if (unchanged) store.write(key, { ...now, contested: true });
        return;
      }
      if (path in answer.refused) {
        if (unchanged) store.write(key, { ...now, refused: answer.refused[path] });
        this.mark(path, answer.refused[path]);
        return;
      }
      this.base[path] = [answer.version, path in answer.values ? answer.values[path] : null];
      if (this.field) this.field.value = JSON.stringify(this.base);
      if (this.blocks.has(path)) this.began.set(path, copy.pairs);
      this.mark(path, "");
      if (unchanged) store.remove(key);
      else if (now) store.write(key, { ...now, version: answer.version });
    }

    // what the server counted from the answers, and which questions it asks after them
    counted(answer) {
      const within = (name, path) => this.form.querySelector(`[${name}="${CSS.escape(path)}"]`);
      for (const [path, text] of Object.entries(answer.sums || {})) {
        const place = within("data-portal-sum", path);
        if (place) place.textContent = text || "—";
      }
      for (const [path, asked] of Object.entries(answer.asked || {})) {
        const block = within("data-portal-asked", path);
        if (block) block.hidden = !asked;
      }
    }

    told(answer) {
      this.counted(answer);
      const words = { time: answer.at, version: answer.version };
      const left = [...this.copies().values()];
      if (left.some((copy) => copy.contested)) this.say("contested");
      else this.say(left.some((copy) => copy.refused) ? "faulty" : "saved", words);
    }

    // the fault beside its field, as the server would draw it
    mark(path, reason) {
      const block = this.blocks.get(path);
      if (!block) return;
      const control = controls(block)[0];
      const id = `f-${path}_error`;
      const shown = document.getElementById(id);
      block.classList.toggle("wrong", Boolean(reason));
      if (control) {
        if (reason) control.setAttribute("aria-invalid", "true");
        else control.removeAttribute("aria-invalid");
      }
      if (!reason) {
        if (shown) shown.remove();
        return;
      }
      const place = shown || document.createElement("p");
      place.id = id;
      place.className = "field-error";
      place.textContent = reason;
      if (!shown) {
        const before = block.querySelector(".hint, legend, label:not(.choice)");
        if (before) before.after(place);
        else block.prepend(place);
        if (control) {
          const described = (control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
          if (!described.includes(id)) control.setAttribute("aria-describedby", [...described, id].join(" "));
        }
      }
    }

    contest(html) {
      this.panel.innerHTML = html;
      const section = this.panel.querySelector("[data-portal-conflicts]");
      section.scrollIntoView({ block: "start" });
      section.focus({ preventScroll: true });
    }

    choose(event) {
      if (!navigator.onLine) {
        event.preventDefault();
        this.say("offline");
        return;
      }
      const chosen = event.target.querySelectorAll("[data-portal-contested]");
      chosen.forEach((one) => {
        this.chosen.add(one.dataset.portalContested);
        store.remove(this.start + one.dataset.portalContested);
      });
    }

    // the button goes on only after everything is on the server; files travel with it
    async submit(event) {
      if (this.form.dataset.portalGoing) return;
      event.preventDefault();
      const button = event.submitter;
      this.keepAll();
      if (!navigator.onLine) {
        this.say([...this.form.querySelectorAll("[type=file]")].some((one) => one.files.length) ? "file" : "offline");
        return;
      }
      const well = await this.save();
      if (!well || [...this.copies().values()].some((copy) => copy.contested)) return;
      this.form.dataset.portalGoing = "yes";
      // where there was nothing to wait for, this is still within the press, and a browser submits once a press
      setTimeout(() => this.form.requestSubmit(button));
    }
  }

  const drafts = [...document.querySelectorAll("[data-portal-draft]")].map((form) => new Draft(form));
  drafts.forEach((draft) => {
    draft.listen();
    draft.restore();
  });
  ["pointerdown", "mousedown"].forEach((name) => window.addEventListener(name, () => { pressed = true; }, true));
  const letGo = () => {
    pressed = false;
    drafts.filter((draft) => draft.unsaid).forEach((draft) => draft.say(...draft.unsaid));
  };
  // the click comes in the same breath
  ["pointerup", "pointercancel", "mouseup"].forEach((name) =>
    window.addEventListener(name, () => setTimeout(letGo), true));

  // a page brought back by the browser's own memory may be old
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  document.querySelectorAll("[data-portal-once]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.portalGoing) event.preventDefault();
      form.dataset.portalGoing = "yes";
    });
  });

  const submitted = document.querySelector("[data-portal-forget]");
  if (submitted) {
    for (const path of store.read(`${PREFIX}:`).keys()) {
      if (path.split(":")[1] === submitted.dataset.portalForget) store.remove(`${PREFIX}:${path}`);
    }
  }
  document.querySelectorAll("form[action$='/logout/']").forEach((form) => {
    form.addEventListener("submit", () => store.forget(`${PREFIX}:`));
  });

  // the summary of faults is read first
  const summary = document.querySelector("[data-portal-errors]");
  if (summary) summary.focus();
})();

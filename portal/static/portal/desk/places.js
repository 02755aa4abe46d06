/* Suggests places of the codifier while one types.
   <form data-portal-places-url="…"><input data-portal-place> or <textarea data-portal-places> (one place a line)
   Without it the fields take a code or an unmistakable name. */
(() => {
  "use strict";

  const WAIT = 180;

  function combobox(input, url, choose) {
    const list = document.createElement("ul");
    list.className = "desk-suggestions";
    list.id = `${input.id || input.name}-suggestions`;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.autocomplete = "off";
    let timer = 0;
    let asked = 0;
    let active = -1;

    const close = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      const options = [...list.children];
      active = (index + options.length) % options.length;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
      input.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    };
    const pick = (text) => {
      close();
      choose(text);
    };
    const show = (places) => {
      list.replaceChildren(
        ...places.map((place, index) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${index}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.textContent = place.text;
          const kind = document.createElement("span");
          kind.textContent = place.kind;
          option.append(kind);
          option.addEventListener("mousedown", (event) => {
            event.preventDefault();
            pick(place.text);
          });
          return option;
        }),
      );
      list.hidden = places.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
    };
    const ask = async () => {
      const text = input.value.trim();
      const number = (asked += 1);
      if (text.length < 2) return close();
      const answer = await fetch(`${url}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
      if (answer.ok && number === asked) {
        active = -1;
        show((await answer.json()).places);
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark(active + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        pick(list.children[active].firstChild.textContent);
      } else if (event.key === "Escape") {
        close();
      }
    });
  }

  document.querySelectorAll("[data-portal-place]").forEach((input) => {
    const { portalPlacesUrl: url } = input.closest("[data-portal-places-url]").dataset;
    combobox(input, url, (text) => {
      input.value = text;
      input.focus();
    });
  });

  document.querySelectorAll("[data-portal-places]").forEach((area) => {
    const { portalPlacesUrl: url } = area.closest("[data-portal-places-url]").dataset;
    const wrap = document.createElement("div");
    wrap.className = "desk-places-search";
    const input = document.createElement("input");
    input.type = "text";
    input.id = `${area.id}-search`;
    input.setAttribute("aria-label", document.querySelector(`label[for="${area.id}"]`)?.textContent.trim() || "");
    input.placeholder = area.dataset.portalPlaces || "+";
    wrap.append(input);
    area.before(wrap);
    combobox(input, url, (text) => {
      const lines = area.value.split("\n").map((line) => line.trim()).filter(Boolean);
      if (!lines.includes(text)) lines.push(text);
      area.value = lines.join("\n");
      area.rows = Math.max(3, lines.length + 1);
      input.value = "";
      area.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  document.querySelector("[data-portal-errors]")?.focus();
})();

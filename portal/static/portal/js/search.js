/* Betters the search where JavaScript runs: hooks on [data-portal-search]. Without it every form and link still works. */
(() => {
  "use strict";
  const WIDE = matchMedia("(min-width: 60rem)");
  const POSITION = "Portal-Position";
  const opened = new Map();
  const region = () => document.querySelector("[data-portal-search]");
  // where the reader is: kept in this page's memory alone, gone with it; never in an address
  let position = "";

  document.addEventListener("htmx:configRequest", (event) => {
    const { parameters, headers } = event.detail;
    for (const name of ["q", "place", "profile"]) if (parameters.get(name) === "") parameters.delete(name);
    if (parameters.get("sort") === "relevance") parameters.delete("sort");
    if (parameters.get("radius") === "25") parameters.delete("radius");
    if (position) headers[POSITION] = position;
  });

  // what the reader has unfolded stays unfolded
  document.addEventListener("htmx:beforeSwap", () => {
    for (const part of region().querySelectorAll("details[id]")) opened.set(part.id, part.open);
    leave();
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const part of region().querySelectorAll("details[id]")) {
      if (opened.has(part.id)) part.open = opened.get(part.id) || part.open;
    }
    // a live region speaks only if it was there before
    document.querySelector("[data-portal-said]").textContent = region().querySelector("#found").textContent.trim();
    offer();
  });

  // --- near me ------------------------------------------------------------------------------------------------------

  const again = () => {
    const form = document.getElementById("filters");
    const sort = document.getElementById("f-sort");
    if (sort) {
      if (position && ![...sort.options].some((known) => known.value === "near")) sort.add(new Option("", "near"));
      sort.value = position ? "near" : "relevance";
    } else if (position) {
      const order = document.createElement("input");
      Object.assign(order, { type: "hidden", name: "sort", value: "near" });
      form.append(order);
    }
    form.requestSubmit();
  };
  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-portal-near-off]")) {
      position = "";
      again();
    }
    if (!event.target.matches("[data-portal-near-on]")) return;
    const button = event.target;
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      (found) => {
        position = `${found.coords.latitude.toFixed(3)},${found.coords.longitude.toFixed(3)}`;
        button.disabled = false;
        again();
      },
      () => {
        button.disabled = false;
        const said = document.querySelector("[data-portal-near-said]");
        said.textContent = said.dataset.portalRefused;
        document.querySelector("[data-portal-said]").textContent = said.textContent;
      },
      { maximumAge: 60000, timeout: 10000 },
    );
  });

  // --- the map ------------------------------------------------------------------------------------------------------

  let map = null;
  let outlines = null;
  let loading = null;

  const load = (part) => {
    if (window.L) return Promise.resolve();
    loading = loading || new Promise((resolve, reject) => {
      const style = document.createElement("link");
      Object.assign(style, { rel: "stylesheet", href: part.dataset.style });
      const script = document.createElement("script");
      Object.assign(script, { src: part.dataset.script, onload: resolve, onerror: reject });
      // our own sheet comes after Leaflet's
      document.head.prepend(style);
      document.head.append(script);
    });
    return loading;
  };

  const leave = () => {
    if (map) map.remove();
    map = null;
  };

  const balloon = (hits) => {
    const box = document.createElement("div");
    for (const hit of hits) {
      const line = document.createElement("p");
      const link = hit.querySelector("h3 a");
      line.append(link ? link.cloneNode(true) : hit.querySelector("h3").textContent);
      const where = document.createElement("span");
      where.textContent = ` ${hit.querySelector(".where").textContent}`;
      line.append(where);
      box.append(line);
    }
    return box;
  };

  const draw = async (part) => {
    await load(part);
    outlines = outlines || (await (await fetch(part.dataset.outlines)).json());
    const here = part.querySelector("[data-portal-map-here]");
    if (map || !here.isConnected) return;
    map = window.L.map(here, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false, maxZoom: 11, minZoom: 4, zoomSnap: 0.25,
      fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false,
    });
    window.L.control.zoom({ zoomInTitle: here.dataset.zoomIn, zoomOutTitle: here.dataset.zoomOut }).addTo(map);
    const land = window.L.geoJSON(outlines, { interactive: false, style: { className: "outline", weight: 1, opacity: 1, fillOpacity: 1 } }).addTo(map);
    const together = new Map();
    for (const hit of region().querySelectorAll("[data-portal-at]")) {
      const at = hit.dataset.portalAt;
      together.set(at, [...(together.get(at) || []), hit]);
    }
    const points = [];
    for (const [at, hits] of together) {
      const point = at.split(",").map(Number);
      points.push(point);
      const icon = window.L.divIcon({ className: "dot", iconSize: [26, 26], html: hits.length > 1 ? String(hits.length) : "" });
      const names = hits.map((hit) => hit.querySelector("h3").textContent.trim()).join("; ");
      window.L.marker(point, { icon, title: names, alt: names }).bindPopup(() => balloon(hits)).addTo(map);
    }
    if (points.length) map.fitBounds(points, { maxZoom: 7.5, padding: [24, 24] });
    else map.fitBounds(land.getBounds());
  };

  const offer = () => {
    const near = document.querySelector("[data-portal-near]");
    if (near && navigator.geolocation) near.hidden = false;
    const part = document.querySelector("[data-portal-map]");
    if (!part || !region().querySelector("[data-portal-at]")) return;
    part.hidden = false;
    if (WIDE.matches) part.open = true;
    if (part.open) draw(part);
  };
  document.addEventListener("toggle", (event) => {
    if (event.target.matches && event.target.matches("[data-portal-map]") && event.target.open) draw(event.target);
  }, true);

  offer();
})();

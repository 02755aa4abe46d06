/* Betters the map of needs where JavaScript runs: hooks on [data-portal-gap-map]. Without it the drawn map and the tables say the same. */
(() => {
  "use strict";
  const part = document.querySelector("[data-portal-gap-map]");
  if (!part) return;
  let map = null;

  const load = () => {
    if (window.L) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const style = document.createElement("link");
      Object.assign(style, { rel: "stylesheet", href: part.dataset.style });
      const script = document.createElement("script");
      Object.assign(script, { src: part.dataset.script, onload: resolve, onerror: reject });
      // our own sheet comes after Leaflet's
      document.head.prepend(style);
      document.head.append(script);
    });
  };

  const balloon = (code, name, words) => {
    const box = document.createElement("p");
    const link = document.createElement("a");
    link.href = `${part.dataset.page}${code}/${part.dataset.query ? `?${part.dataset.query}` : ""}`;
    link.textContent = name;
    box.append(link, `: ${words}`);
    return box;
  };

  const draw = async () => {
    if (map) return;
    const [outlines, told] = await Promise.all(
      [part.dataset.outlines, part.dataset.points].map(async (address) => (await fetch(address)).json()),
    );
    await load();
    const here = part.querySelector("[data-portal-map-here]");
    map = window.L.map(here, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false, maxZoom: 11, minZoom: 4, zoomSnap: 0.25,
      fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false,
    });
    window.L.control.zoom({ zoomInTitle: here.dataset.zoomIn, zoomOutTitle: here.dataset.zoomOut }).addTo(map);
    const land = window.L.geoJSON(outlines, { interactive: false, style: { className: "outline", weight: 1, opacity: 1, fillOpacity: 1 } }).addTo(map);
    map.fitBounds(land.getBounds());
    const points = [];
    // what is known lies above what is not
    const rows = told.points.sort((one, other) => (one[4] === "unknown" ? 0 : 1) - (other[4] === "unknown" ? 0 : 1));
    for (const [code, name, latitude, longitude, kind, words] of rows) {
      points.push([latitude, longitude]);
      window.L.circleMarker([latitude, longitude], { radius: 6, className: `spot ${kind}`, weight: 1 })
        .bindPopup(() => balloon(code, name, words)).addTo(map);
    }
    if (points.length) map.fitBounds(points, { maxZoom: 8, padding: [16, 16] });
  };

  part.hidden = false;
  part.addEventListener("toggle", () => { if (part.open) draw(); });
  if (part.open) draw();
})();

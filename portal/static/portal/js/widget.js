/* The widget of Поруч for other sites: <div data-poruch data-hromada="UA…" data-service="home-care"></div> becomes a frame.
   data-show="competitions" for open competitions, data-lang="en" for English. Keeps nothing, asks nobody but the portal. */
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script) return;
  var portal = new URL(script.src).origin;
  var frames = [];
  document.querySelectorAll("[data-poruch]").forEach(function (box) {
    if (box.dataset.poruchShown) return;
    box.dataset.poruchShown = "1";
    var address = new URL((box.dataset.lang === "en" ? "/en" : "") + "/widget/", portal);
    ["hromada", "service", "show"].forEach(function (name) {
      if (box.dataset[name]) address.searchParams.set(name, box.dataset[name]);
    });
    var frame = document.createElement("iframe");
    frame.src = address.href;
    frame.title = box.textContent.trim() || "Поруч";
    frame.loading = "lazy";
    frame.width = "100%";
    frame.height = box.dataset.height || "480";
    frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
    frame.setAttribute("referrerpolicy", "strict-origin-when-cross-origin");
    frame.style.border = "0";
    box.replaceChildren(frame);
    if (!box.dataset.height) frames.push(frame);
  });
  window.addEventListener("message", function (event) {
    var height = event.data && event.data.poruchHeight;
    if (typeof height !== "number" || !(height > 0 && height < 20000)) return;
    frames.forEach(function (frame) {
      // whose message it is is known by its window: a frame in a sandbox has no origin of its own
      if (frame.contentWindow === event.source) frame.height = String(Math.ceil(height));
    });
  });
})();

/* The portal's own clock beside an end: without this script the page shows the moment at which it was made.
   <div data-portal-clock data-now="…" data-ends="…"><time data-portal-now>…</time><p data-portal-over data-words="…"></p> */
(() => {
  "use strict";

  const started = performance.now();
  const inKyiv = new Intl.DateTimeFormat("uk-UA", {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: "Europe/Kyiv",
  });
  document.querySelectorAll("[data-portal-clock]").forEach((clock) => {
    const [now, ends] = [Date.parse(clock.dataset.now), Date.parse(clock.dataset.ends)];
    const shown = clock.querySelector("[data-portal-now]");
    const over = clock.querySelector("[data-portal-over]");
    const tick = () => {
      // the device's own clock may be wrong, its pace is not
      const moment = now + performance.now() - started;
      shown.textContent = inKyiv.format(moment);
      if (moment >= ends && !over.textContent) over.textContent = over.dataset.words;
    };
    setInterval(tick, 1000);
  });
})();

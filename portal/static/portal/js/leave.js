/* The quick exit: hooks on [data-portal-leave]. The page is put out of sight at once, its entry in the history is
   replaced, and Escape pressed three times does the same. Without this script the link is a plain link. */
(() => {
  "use strict";
  const TIMES = 3;
  const WITHIN = 3000;
  const link = document.querySelector("[data-portal-leave]");
  if (!link) return;
  let pressed = [];

  const leave = () => {
    document.title = link.dataset.portalTitle;
    document.body.hidden = true;
    window.location.replace(link.href);
  };

  document.querySelector("[data-portal-leave-hint]").hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      pressed = [];
      return;
    }
    const now = Date.now();
    pressed = [...pressed.filter((moment) => now - moment < WITHIN), now];
    if (pressed.length >= TIMES) leave();
  });
  // a page brought back by the Back button out of the browser's memory is out of sight no more
  window.addEventListener("pageshow", () => { document.body.hidden = false; });
})();

/* Betters <details data-portal-share>: copies the address, hands it to what the device offers, prints. */
(() => {
  "use strict";
  for (const box of document.querySelectorAll("[data-portal-share]")) {
    const address = box.querySelector("input");
    const said = box.querySelector("[data-portal-share-said]");
    const mail = box.querySelector("a[href^='mailto:']");
    // a list may have changed its address since it was opened
    box.addEventListener("toggle", () => {
      address.value = location.href;
      mail.href = `mailto:?body=${encodeURIComponent(location.href)}`;
    });
    const show = (name, can) => {
      const button = box.querySelector(`[data-portal-${name}]`);
      button.hidden = !can;
      return button;
    };
    address.addEventListener("focus", () => address.select());
    const copy = show("copy", Boolean(navigator.clipboard));
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(address.value);
        said.textContent = copy.dataset.done;
      } catch {
        // what may not be copied by a script is copied by hand
        address.focus();
      }
    });
    show("send", Boolean(navigator.share)).addEventListener("click", () => {
      // whoever closes the sheet has changed their mind; that is no fault
      navigator.share({ title: document.title, url: address.value }).catch(() => {});
    });
    show("print", true).addEventListener("click", () => window.print());
  }
})();

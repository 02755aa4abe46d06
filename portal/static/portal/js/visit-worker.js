/* Opens the form of a visit without network, from the shelf that visit.js has filled. Everything else goes its usual way. */
"use strict";

const SHELF = "portal-visits";
// a network that does not answer is no network
const PATIENCE = 6000;
const FORM = /\/visits\/\d+\/form\/$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const shelved = async (address) => (await caches.open(SHELF)).match(address, { ignoreVary: true });

const within = (promise, time) =>
  new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("late")), time);
    promise.then(resolve, reject);
  });

const answer = async (request, address) => {
  const known = await shelved(address);
  if (!known) return fetch(request);
  try {
    return await within(fetch(request), PATIENCE);
  } catch {
    return known;
  }
};

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  const form = event.request.mode === "navigate" && FORM.test(address.pathname);
  const part = ["style", "script", "image"].includes(event.request.destination);
  if (form) event.respondWith(answer(event.request, address.origin + address.pathname));
  else if (part) event.respondWith(answer(event.request, event.request.url));
});

{% load static %}// The service worker: pages with an outbox open without a network, and what was kept is sent when there is one again.
// It keeps only pages that ask for it (js/offline.js), as a stranger gets them unless they are a person's own, and files with hashed
// names; signing out forgets all of it.
import { TAG, send } from "{% static 'ui/js/outbox.js' %}";

const CACHE = "heli-{{ version }}";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("heli-") && name !== CACHE;
  const swept = caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))));
  event.waitUntil(swept.then(() => self.clients.claim()));
});

const isHere = (url) => url.origin === self.location.origin;

self.addEventListener("message", (event) => {
  const { keeps, own, files = [] } = event.data ?? {};
  if (!keeps) return;
  const wanted = files.filter((name) => isHere(new URL(name)) && new URL(name).pathname.startsWith("{{ static_url }}"));
  const kept = caches.open(CACHE).then(async (cache) => {
    for (const href of new Set([keeps.split("#")[0], plain(keeps)])) {
      const page = await fetch(href, { credentials: own ? "same-origin" : "omit" }).catch(() => null);
      if (page?.ok && !page.redirected) await cache.put(href, page);
    }
    for (const name of wanted) if (!(await cache.match(name))) await cache.add(name).catch(() => {});
  });
  event.waitUntil(kept);
});

/** A page without what hangs behind its address: that says only where it was scanned. */
const plain = (href) => href.split(/[?#]/)[0];

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !isHere(url)) return;
  if (url.pathname.startsWith("{{ static_url }}")) {
    const found = caches.open(CACHE).then((cache) => cache.match(request.url));
    event.respondWith(found.then((kept) => kept ?? fetch(request)));
  } else if (request.mode === "navigate") {
    const kept = () => caches.open(CACHE).then(async (cache) => (await cache.match(request.url)) ?? cache.match(plain(request.url)));
    event.respondWith(fetch(request).catch((fault) => kept().then((page) => page ?? Promise.reject(fault))));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag !== TAG) return;
  const sent = send().then(async () => {
    for (const client of await self.clients.matchAll()) client.postMessage(TAG);
  });
  event.waitUntil(sent);
});

// Lets the floor page start without a network: its page and its files are kept and used where the network is gone.
// Nothing that is sent passes here, and no other page is kept.
const KEPT = "milkrun-floor-VERSION";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  await self.clients.claim();
})()));

function ours(request) {
  const address = new URL(request.url);
  const part = address.pathname === "/floor" || address.pathname.startsWith("/static/");
  return request.method === "GET" && address.origin === self.location.origin && part;
}

async function answer(request) {
  const kept = await caches.open(KEPT);
  try {
    const reply = await fetch(request);
    // A redirect to the sign-in page must not take the place of the floor page.
    if (reply.ok && !reply.redirected) await kept.put(request, reply.clone());
    return reply;
  } catch (problem) {
    const found = await kept.match(request, { ignoreVary: true });
    if (found) return found;
    throw problem;
  }
}

self.addEventListener("fetch", (event) => {
  if (ours(event.request)) event.respondWith(answer(event.request));
});

// The first visit loaded its files before this worker stood there: the page names them, and they are kept too.
self.addEventListener("message", (event) => event.waitUntil((async () => {
  for (const address of event.data) {
    const request = new Request(address);
    if (ours(request)) await answer(request).catch(() => {});
  }
})()));

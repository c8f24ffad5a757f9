// The part that follows the work says when it has ended; the page then shows what came of it.
const part = document.querySelector("[data-live]");
new MutationObserver(() => {
  if (part.querySelector("[data-ended]")) location.reload();
}).observe(part, { childList: true });
if (part.querySelector("[data-ended]")) location.reload();

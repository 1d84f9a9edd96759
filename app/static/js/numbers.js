// Today's numbers are asked for again while somebody looks.
const EVERY = 20000;

setInterval(() => {
  if (!document.hidden && document.querySelector("#numbers[data-live]")) {
    document.dispatchEvent(new CustomEvent("live:ask", { detail: { id: "numbers" } }));
  }
}, EVERY);

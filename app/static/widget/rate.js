// The card of a rating: its answer goes to the bank, which draws the card anew.

document.getElementById("flow").addEventListener("click", ({ target }) => {
  if (target.closest("[data-rate]")) rate(target.closest(".ask"));
});

async function rate(card) {
  const mark = card.querySelector("input:checked");
  const comment = card.querySelector("textarea").value;
  if (!mark && (card.dataset.stage === "ask" || !comment.trim())) return card.querySelector("input, textarea").focus();
  const button = card.querySelector("[data-rate]");
  button.disabled = true;
  try {
    const json = { rating: Number(card.dataset.rating), mark: mark ? Number(mark.value) : null, comment };
    window.talk.take(await window.talk.ask("rating", { json, query: `?since=${window.talk.rev}` }));
  } catch (error) {
    const wrong = card.querySelector(".wrong");
    wrong.textContent = error.notice ?? document.getElementById("lines").dataset.offline;
    wrong.hidden = false;
  }
  button.disabled = false;
}

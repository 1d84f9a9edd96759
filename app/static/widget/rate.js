// The card of a rating: its answer goes to the bank, which draws the card anew.

document.getElementById("flow").addEventListener("click", ({ target }) => {
  const card = target.closest(".ask");
  if (card && target.closest("[data-rate]")) rate(card);
  if (card && target.closest("[data-resume]")) tell(card, "resume", {}).then(() => document.getElementById("text").focus());
});

function rate(card) {
  const mark = card.querySelector("input:checked");
  const comment = card.querySelector("textarea").value;
  if (!mark && (card.dataset.stage === "ask" || !comment.trim())) return card.querySelector("input, textarea").focus();
  tell(card, "rating", { rating: Number(card.dataset.rating), mark: mark ? Number(mark.value) : null, comment });
}

async function tell(card, path, json) {
  const buttons = card.querySelectorAll("button");
  buttons.forEach((one) => { one.disabled = true; });
  try {
    window.talk.take(await window.talk.ask(path, { json, query: `?since=${window.talk.rev}` }));
  } catch (error) {
    const wrong = card.querySelector(".wrong");
    wrong.textContent = error.notice ?? document.getElementById("lines").dataset.offline;
    wrong.hidden = false;
  }
  buttons.forEach((one) => { one.disabled = false; });
}

// After the end: for a while the client may continue the chat without a word, later his next word begins a new one.

const bar = document.getElementById("again");
const [said, button] = bar.children;
const LONGEST = 2 ** 31 - 1; // of a timer
let ending = 0;

document.addEventListener("talk:stands", ({ detail }) => show(detail.over, detail.left));

button.addEventListener("click", async () => {
  button.disabled = true;
  try {
    window.talk.take(await window.talk.ask("resume", { json: {}, query: `?since=${window.talk.rev}` }));
    document.getElementById("text").focus();
  } catch (error) {
    window.talk.say("refused", { notice: error.notice, final: false });
  }
  button.disabled = false;
});

// Seconds left, not a moment: the client's clock may be wrong.
function show(over, left) {
  clearTimeout(ending);
  const goesOn = over && left > 0;
  if (!goesOn && document.activeElement === button) document.getElementById("text").focus();
  bar.hidden = !over;
  button.hidden = !goesOn;
  const words = !over ? "" : goesOn ? bar.dataset.goesOn : bar.dataset.over;
  if (said.textContent !== words) said.textContent = words;
  if (goesOn) ending = setTimeout(show, Math.min(left * 1000, LONGEST), true, 0);
}

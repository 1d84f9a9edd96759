// From the site into the bank's bot, and to the site from there: by links that work once.

const begin = document.getElementById("move");
const way = document.getElementById("way");
const address = new URL(location.href);

begin?.addEventListener("click", async () => {
  const menu = begin.closest("details");
  menu.open = false;
  menu.querySelector("summary").focus();
  try {
    await window.talk.entered();
    const { url } = await window.talk.ask("move", { json: {} });
    const link = way.querySelector("a");
    link.href = url;
    way.hidden = false;
    link.focus();
  } catch (error) {
    window.talk.say("refused", { notice: error.notice, final: false });
  }
});
way?.querySelector("a").addEventListener("click", () => { way.hidden = true; });

document.addEventListener("talk:passage", ({ detail }) => arrive(detail.token));
document.addEventListener("talk:begun", () => {
  const token = address.searchParams.get("continue");
  if (!token) return;
  address.searchParams.delete("continue");
  history.replaceState(null, "", address);
  queueMicrotask(() => arrive(token));
});

async function arrive(token) {
  try {
    await window.talk.entered();
    await window.talk.ask("arrive", { json: { token } });
  } catch (error) {
    window.talk.say("refused", { notice: error.notice, final: false });
  }
  window.talk.say("came", {});
  window.talk.heal();
}

// Finding in a list that is already here: [data-finds] names the list; its rows that do not match are hidden.
// Apostrophes of Uzbek are typed in many ways and count as none.
const fold = (text) => text.toLocaleLowerCase().replace(/['`‘’ʻʼ´]/g, "").replace(/ё/g, "е");

function filter(input) {
  const words = fold(input.value).split(/\s+/).filter(Boolean);
  for (const row of document.getElementById(input.dataset.finds)?.querySelectorAll("[data-row], .row") ?? []) {
    const text = fold(row.textContent);
    row.hidden = !words.every((word) => text.includes(word)) && !row.querySelector("input:checked");
  }
}

document.addEventListener("input", (event) => event.target.dataset?.finds && filter(event.target));
document.addEventListener("live:swapped", () => document.querySelectorAll("[data-finds]").forEach((input) => input.value && filter(input)));
// Enter in the search must not send the form around it.
document.addEventListener("keydown", (event) => event.key === "Enter" && event.target.dataset?.finds && event.preventDefault());

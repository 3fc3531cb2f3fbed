// Dark, light, or as the system is: a button that goes round. Remembers nothing once the page is left.

const ROUND = ["", "light", "dark"];
const WORDS = { "": "as the system", light: "light", dark: "dark" };

export function theme(button, changed) {
  const root = document.documentElement;
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = ROUND[(ROUND.indexOf(root.dataset.theme || "") + 1) % ROUND.length];
    if (next) root.dataset.theme = next;
    else delete root.dataset.theme;
    button.setAttribute("aria-label", `Colours: ${WORDS[next]}`);
    button.textContent = { "": "◐", light: "☀", dark: "☾" }[next];
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}

// The page of an audit: colours, and a filter over long lists of files. All is readable without it.

import { theme } from "./theme.js";

theme(document.getElementById("theme"), () => {});

for (const filter of document.querySelectorAll(".filter")) {
  const [words, only] = filter.querySelectorAll("input");
  const rows = [...filter.parentElement.querySelectorAll(".files tbody tr")];
  const names = rows.map((row) => row.querySelector("th").textContent.toLowerCase());
  const status = filter.querySelector("[role=status]");
  const show = () => {
    const wanted = words.value.toLowerCase();
    let count = 0;
    rows.forEach((row, at) => {
      row.hidden = !names[at].includes(wanted) || (only.checked && row.dataset.mark === "pass");
      count += row.hidden ? 0 : 1;
    });
    status.textContent = `${count.toLocaleString("en")} shown`;
  };
  filter.hidden = rows.length < 8;
  words.addEventListener("input", show);
  only.addEventListener("change", show);
}

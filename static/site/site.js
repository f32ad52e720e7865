// Small comforts on top of pages that work without them.
"use strict";

const NEARLY = 0.75;

function showLength(input, hint, words) {
  const used = [...input.value.normalize("NFC")].length; // as the server counts
  const limit = Number(input.dataset.limit);
  hint.hidden = used < limit * NEARLY;
  hint.textContent = words.replace("{used}", used).replace("{limit}", limit);
  hint.classList.toggle("is-over", used > limit);
}

function countCharacters(input, words) {
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.setAttribute("aria-live", "polite");
  input.after(hint);
  input.addEventListener("input", () => showLength(input, hint, words));
  showLength(input, hint, words);
}

for (const form of document.querySelectorAll("form[data-count]")) {
  for (const input of form.querySelectorAll("[data-limit]")) {
    countCharacters(input, form.dataset.count);
  }
}

document.getElementById("errors")?.focus();

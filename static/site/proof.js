// Solves the riddle that a letter asks for while it is attacked. Without this script one is held.
"use strict";

const own = document.currentScript;
const form = own.closest("form");
const PATIENCE = 30000; // milliseconds
let solving = null;

function workOn(challenge) {
  const worker = new Worker(own.dataset.worker);
  return new Promise((resolve, reject) => {
    worker.onmessage = (message) => resolve(message.data);
    worker.onerror = reject;
    setTimeout(reject, PATIENCE);
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}

function solution() {
  solving ??= fetch(form.dataset.proof, { cache: "no-store", credentials: "omit" })
    .then((response) => response.json())
    .then(workOn)
    .catch(() => ""); // sent without: a person will look at it
  return solving;
}

form.addEventListener("focusin", solution, { once: true });
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const proof = form.elements.proof;
  form.setAttribute("aria-busy", "true");
  proof.value = await solution();
  form.submit();
});

// A passkey's answer travels in the form that is on the page anyway.
"use strict";

const ceremonies = {
  create: (json) =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json),
    }),
  get: (json) =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json),
    }),
};

async function answer(button, box) {
  const [failed, known] = [box.querySelector(".failed"), box.querySelector(".known")];
  const form = button.form;
  const password = form.querySelector("input[type=password]");
  if (password && !password.reportValidity()) return;
  failed.hidden = known.hidden = true;
  try {
    const credential = await ceremonies[button.dataset.passkey](JSON.parse(button.dataset.options));
    form.elements[button.dataset.field].value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    // Dismissed, no device, an address that is another: browsers tell pages no more than that.
    (error?.name === "InvalidStateError" ? known : failed).hidden = false;
  }
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  const box = button.closest(".passkey");
  const able = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);
  box.querySelector(".cannot").hidden = able;
  button.hidden = !able;
  button.addEventListener("click", () => answer(button, box));
}

// Counts until the SHA-256 of salt and number is the one that was asked for.
"use strict";

const TOGETHER = 64;

function bytes(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

async function digest(text) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

async function solve({ salt, challenge, maxNumber }) {
  const wanted = bytes(challenge);
  for (let first = 0; first <= maxNumber; first += TOGETHER) {
    const numbers = Array.from({ length: TOGETHER }, (_, step) => first + step);
    const digests = await Promise.all(numbers.map((number) => digest(salt + number)));
    const found = digests.findIndex((each) => each.every((byte, n) => byte === wanted[n]));
    if (found >= 0) return first + found;
  }
  throw new Error("no number fits");
}

onmessage = async ({ data }) => {
  const { algorithm, challenge, salt, signature } = data;
  const number = await solve(data);
  postMessage(btoa(JSON.stringify({ algorithm, challenge, number, salt, signature })));
};

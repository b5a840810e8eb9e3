// The subset of Fashion-MNIST: the package's own files, fetched, unpacked and verified.

// Of the uncompressed content, as in lrbook/training/data.py: a test holds the two together.
export const FILES = {
  trainImages: {
    file: "train-images-idx3-ubyte.gz",
    size: 7840016,
    sha256: "1c402ff5ad35530eef62f5f10acfa5aed82dd56e782abfbaeb19b0ac51fe726e",
  },
  trainLabels: {
    file: "train-labels-idx1-ubyte.gz",
    size: 10008,
    sha256: "8d0ce891f205c2d2cc80f431abfa2ed7c21646b7cd358c6b7d5aa24f1f3eb7cf",
  },
  testImages: {
    file: "t10k-images-idx3-ubyte.gz",
    size: 1568016,
    sha256: "e0c997d2694cca522039b2f0370320b4ba1163e370d7c6f5988a44003572ce02",
  },
  testLabels: {
    file: "t10k-labels-idx1-ubyte.gz",
    size: 2008,
    sha256: "5fa226ecababadb14e680b1dc23963369a2fc118cd1a61b977b5a80d04776662",
  },
};
// Before the pixels come a magic number and three sizes, before the labels one.
const headerOf = (file) => (file.includes("idx3") ? 16 : 8);

// Return the pixels and labels of both sets, a byte each; `source` is their folder's address, with
// a slash at its end, or their bytes by the file's name. Throws an Error that names the file.
export async function loadImages(source) {
  const names = Object.keys(FILES);
  const loaded = await Promise.all(names.map((name) => load(source, FILES[name])));
  return Object.fromEntries(names.map((name, i) => [name, loaded[i]]));
}

async function load(source, { file, size, sha256 }) {
  const content = await unpack(typeof source === "string" ? await get(source + file, file) : source[file]);
  // Of what was no gzip file, or broke off, there is no content.
  if (content?.length !== size || (await digest(content)) !== sha256) throw new Error(`${file} is damaged`);
  return content.subarray(headerOf(file));
}

async function get(address, file) {
  let answer, bytes;
  try {
    answer = await fetch(address);
    bytes = new Uint8Array(await answer.arrayBuffer());
  } catch {
    throw new Error(`${file} can't be fetched; are you online?`);
  }
  if (!answer.ok) throw new Error(`${file} can't be fetched: the answer was ${answer.status}`);
  return bytes;
}

// Some servers unpack a .gz file on its way.
async function unpack(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null;
  }
}

// Browsers offer it to pages that come safely, and to those of the same machine.
async function digest(content) {
  if (!globalThis.crypto?.subtle) throw new Error("the browser can't verify the images; open this page by https");
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Random numbers from a seed, by whole numbers of 32 bits alone: the same draws in every browser.
//
// The generator is xoshiro128** (Blackman and Vigna, Scrambled Linear Pseudorandom Number
// Generators, ACM TOMS 47, 2021). Its four words are MurmurHash3's finalizer of four steps of a
// counter that starts at the seed: it is one to one, so that they are never all 0.
const rotate = (x, k) => (x << k) | (x >>> (32 - k));

function scramble(x) {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

export class Random {
  // `seed` is a whole number in [0, 2**32).
  constructor(seed) {
    this.words = Int32Array.from([1, 2, 3, 4], (i) => scramble((seed + Math.imul(i, 0x9e3779b9)) | 0));
  }

  // A whole number in [0, 2**32).
  next() {
    const s = this.words;
    const drawn = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11);
    return drawn;
  }

  // A number in [0, 1), a multiple of 2**-24.
  uniform() {
    return (this.next() >>> 8) / 2 ** 24;
  }

  // A whole number in [0, n), each equally likely: what would favour some is drawn again.
  below(n) {
    const fair = 2 ** 32 - (2 ** 32 % n);
    let drawn;
    do drawn = this.next();
    while (drawn >= fair);
    return drawn % n;
  }

  // Put what is in an array into a random order (Fisher and Yates).
  shuffle(array) {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [array[i], array[j]] = [array[j], array[i]];
    }
  }
}

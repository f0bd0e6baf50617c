// Makes the targets of calls in x86-64 code absolute, so that the same target looks the same wherever it is called from: the code
// compresses better. Engine/Duck/Native/CallTargets.cs says how, and undoes it.

const callBytes = 5;

/** The library with absolute targets. */
export const absolute = library => converted(library, 1);

/** The library with relative targets again. */
export const relative = library => converted(library, -1);

function converted(library, direction) {
  const bytes = Buffer.from(library);
  for (let at = 0; at <= bytes.length - callBytes;) {
    if (bytes[at] !== 0xe8) {
      at++;
      continue;
    }

    if (bytes[at + 4] !== 0x00 && bytes[at + 4] !== 0xff) {
      at += callBytes - 1;
      continue;
    }

    at += callBytes;
    // Modulo 2^25, sign extended: shifting left drops what is above bit 24.
    bytes.writeInt32LE((bytes.readInt32LE(at - 4) + direction * at) << 7 >> 7, at - 4);
  }

  return bytes;
}

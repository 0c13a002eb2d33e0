import { DecompressError, Output } from './output.ts';

/** Rounds of the decoder without a byte coming out, after which it is taken to be stuck on a broken frame. */
const MAX_EMPTY_ROUNDS = 64;

/** The decoder gets its input in pieces of this many bytes: of a frame that turns out broken it never frees the last. */
const PIECE = 1024 * 1024;

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/**
 * Unpacks Zstandard; windows of up to 128 MiB, as `zstd -22 --ultra` makes them for kernels.
 * @param bytes starts with a frame; more frames may follow
 * @param max bytes that may come out at most
 * @param lenient what follows the last whole frame is left alone, whatever it is
 * @throws DecompressError (the promise is rejected with it)
 */
export async function unpackZstd(bytes: Uint8Array, max: number, lenient = false): Promise<Uint8Array> {
  // Loaded when it is needed: the decoder is WebAssembly, which would slow every other run's start.
  const { ZSTDDecoder } = await import('zstddec/stream');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const output = new Output(max);
  let empty = 0;
  try {
    for (const chunk of decoder.decodeStreaming(pieces(bytes))) {
      empty = chunk.length === 0 ? empty + 1 : 0;
      if (empty > MAX_EMPTY_ROUNDS) throw new DecompressError('broken', 'Zstandard frame');
      output.append(chunk);
    }
  } catch (error) {
    const tooLarge = error instanceof DecompressError && error.kind === 'too-large';
    if (lenient && output.length > 0 && !tooLarge) return output.result();
    throw error instanceof DecompressError ? error : new DecompressError('broken', 'cut short');
  }
  return output.result();
}

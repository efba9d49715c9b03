import { crc32 } from 'node:zlib';
import { ByteReader } from './bytes';
import { UnreadablePartError } from './part';

/** Bytes as they are stored: the format's version first, for only it says how to read the rest, and a checksum of all before it last. */

const VERSION_BYTES = 1;
const CHECKSUM_BYTES = 4;
/** What sealing adds. */
export const SEAL_BYTES = VERSION_BYTES + CHECKSUM_BYTES;

/** Puts the blocks one after the other. */
export function seal(format: number, blocks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const end = blocks.reduce((sum, block) => sum + block.length, VERSION_BYTES);
  const bytes = new Uint8Array(end + CHECKSUM_BYTES);
  bytes[0] = format;
  let at = VERSION_BYTES;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  new DataView(bytes.buffer).setUint32(end, crc32(bytes.subarray(0, end)), true);
  return bytes;
}

/**
 * Reads block after block, until the bytes end.
 *
 * @param what is sealed, for the error: "a day's hours".
 * @throws UnreadablePartError on damaged bytes and on formats this release does not know.
 */
export function readSealed(bytes: Uint8Array, format: number, what: string, readBlock: (reader: ByteReader) => void): void {
  const unreadable = (why: string) => new UnreadablePartError(`${what}: ${why}`);
  if (bytes.length === 0) throw unreadable('it is empty');
  if (bytes[0] !== format) throw unreadable(`format ${bytes[0]} is not known to this release, which reads ${format}`);
  if (bytes.length < SEAL_BYTES) throw unreadable(`${bytes.length} bytes are too few`);
  const end = bytes.length - CHECKSUM_BYTES;
  const reader = new ByteReader(bytes);
  if (reader.view.getUint32(end, true) !== crc32(bytes.subarray(0, end))) throw unreadable('its checksum does not match its content');

  try {
    reader.at = VERSION_BYTES;
    while (reader.at < end) readBlock(reader);
    if (reader.at !== end) throw new RangeError(`it ends at byte ${reader.at}, not ${end}`);
  } catch (error) {
    throw unreadable(`its content contradicts itself: ${(error as Error).message}`);
  }
}

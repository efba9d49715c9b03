/** Cursors over the bytes of a part, little-endian. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Writes into a buffer whose capacity the caller knows to be enough. */
export class ByteWriter {
  public at = 0;
  public bytes: Uint8Array<ArrayBuffer>;
  public view: DataView;

  public constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Begins anew, in a larger buffer where this one has not the capacity. */
  public restart(capacity: number): void {
    this.at = 0;
    if (capacity <= this.bytes.length) return;
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  public u8(value: number): void {
    this.bytes[this.at++] = value;
  }

  public u32(value: number): void {
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  public f64(value: number): void {
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** A natural number up to 2^53 in 7 bits a byte; by division, since shifts end at 32 bits. */
  public varint(value: number): void {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) this.u8(left % 128 + 128);
    this.u8(left);
  }

  /** An integer below 2^52 of either sign: small ones are short. */
  public signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  public text(value: string): void {
    if (this.ascii(value)) return;
    const bytes = encoder.encode(value);
    this.varint(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Nearly every name is ASCII, and short: calling the encoder would take longer than writing it. Writes nothing where it is not. */
  private ascii(value: string): boolean {
    const start = this.at;
    this.varint(value.length);
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit >= 0x80) {
        this.at = start;
        return false;
      }
      this.u8(unit);
    }
    return true;
  }
}

/** Reads what `ByteWriter` wrote. */
export class ByteReader {
  public at = 0;
  public readonly view: DataView;

  public constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  public u8(): number {
    return this.view.getUint8(this.at++);
  }

  public f64(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  public varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
    }
  }

  public signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  public text(): string {
    const length = this.varint();
    const start = this.at;
    this.at += length;
    if (this.at > this.bytes.length) throw new RangeError(`a text of ${length} bytes begins at byte ${start} of ${this.bytes.length}`);
    let hash = length;
    for (let i = start; i < this.at; i++) hash = (hash * 31 + this.bytes[i]) % KNOWN_TEXTS;
    const known = knownTexts[hash];
    if (known !== undefined && this.isAt(start, length, known)) return known;
    return knownTexts[hash] = decoder.decode(this.bytes.subarray(start, this.at));
  }

  /** Whether the bytes are a text's, which is so only for ASCII: others are decoded each time. */
  private isAt(start: number, length: number, text: string): boolean {
    if (text.length !== length) return false;
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== this.bytes[start + i]) return false;
    return true;
  }
}

/**
 * Texts read before, each in a place that its bytes tell. The names in parts are the same again and again, and decoding one takes several
 * times as long as finding it here; one and the same string is also found faster in a map than its equal.
 */
const KNOWN_TEXTS = 1024;
const knownTexts: string[] = new Array(KNOWN_TEXTS);

/** What a source gives when it is opened. */

export interface Opened {
  /** Chunks, each good until the next is asked for; or all there is. */
  readonly bytes: AsyncIterable<Buffer> | Buffer;
  /** When the source was last written, where opening it tells better than finding it. */
  readonly modified?: string;
  /** True when the bytes are not those that were asked for, and were left out. */
  readonly isChanged?: boolean;
}

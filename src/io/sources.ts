/** The inputs a user named, as sources of bytes: files, the pages below directories, S3 objects, standard input. */

import { closeSync, type Dirent, openSync, readSync, type Stats, statSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { ConfigError, InputError, reason } from "./errors.ts";
import { lease } from "./memory.ts";
import type { Opened } from "./opened.ts";
import {
  headObject,
  isS3,
  listObjects,
  openObject,
  type S3Listed,
  type S3Page,
  type S3Place,
  s3ErrorName,
  s3Name,
  s3Place,
  s3Reason,
} from "./s3.ts";

/** What is known of a source before it is read. It can be sent to another thread. */
export interface SourceDescription {
  /** As the user would name it; `-` is standard input. */
  readonly name: string;
  /** Where it stands below the input it was found by: for output that mirrors the input. */
  readonly relativeName: string;
  /** When the source was last written: the collection time of what it holds, unless the user gives one. */
  readonly modified: string;
  /** Which file it is, for a file. */
  readonly identity?: FileIdentity;
  readonly bytes?: number;
  /** Where it is, for an object. */
  readonly s3?: S3Place;
  /** Why it cannot be read: it stands for what a listing could not tell. */
  readonly fault?: string;
}

export interface Source extends SourceDescription {
  /** @throws InputError when it cannot be opened. */
  open(): Promise<Opened>;
}

/** Sources in the order of the inputs. A long listing of objects comes a part at a time. */
export interface Sources extends AsyncIterable<Source> {
  /** The sources known at the start: all of them, or the first of a long listing. */
  readonly first: readonly Source[];
  /** Whether `first` are all. */
  readonly isAll: boolean;
  /** Files of directories that are passed over, as their names are not those of pages. */
  readonly passedOver?: number;
  /** The id of the run of `collect` that stored them, where only those of one run are read. */
  readonly run?: string;
}

/** What tells one file from all others, whatever it is called. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** What an input may stand for, around the program. */
export interface Around {
  readonly stdin: Readable;
  readonly now: Date;
  /** The file that standard output is redirected to, if it is one. */
  readonly stdoutFile?: FileIdentity | undefined;
  /** Whether S3 wants buckets in paths. */
  readonly forcePathStyle: boolean;
}

const PAGE_FILE = /\.(?:json|ndjson|jsonl)(?:\.gz)?$/i;

/** What macOS writes beside files on other file systems: no pages, although they are called so. */
const APPLE_DOUBLE = /^\._/;

/** What a directory holds. */
interface Below {
  /** The paths of pages, in code-point order: the same output on every machine. */
  readonly pages: readonly string[];
  /** Why a directory below could not be listed. */
  readonly faults: readonly { readonly directory: string; readonly fault: string }[];
  /** Files whose names are not those of pages. */
  readonly passedOver: number;
}

/** Whether a path leads to a file, or to nothing, which is reported when it is read; a pipe or a device is not a page. */
function mayBeFile(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined || stats.isFile();
}

async function filesBelow(top: string): Promise<Below> {
  const pages: string[] = [];
  const faults: { directory: string; fault: string }[] = [];
  let passedOver = 0;
  const directories = [top];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    let entries: Dirent[];
    try {
      entries = await readdir(directory, { withFileTypes: true });
    } catch (error) {
      const fault = `${directory}: cannot be listed: ${reason(error)}`;
      if (directory === top) throw new InputError(fault, { cause: error });
      faults.push({ directory, fault });
      continue;
    }
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) directories.push(path);
      else if (APPLE_DOUBLE.test(entry.name)) continue;
      else if (!PAGE_FILE.test(entry.name)) passedOver += entry.isFile() ? 1 : 0;
      else if (entry.isFile() || (entry.isSymbolicLink() && mayBeFile(path))) pages.push(path);
    }
  }
  return { pages: pages.sort(), faults, passedOver };
}

/** What is known of a file that was found. */
export function describe(name: string, relativeName: string, stats: Stats): SourceDescription {
  const { mtime, dev, ino, size } = stats;
  const description = { name, relativeName, modified: mtime.toISOString(), identity: { dev, ino } };
  return stats.isFile() ? { ...description, bytes: size } : description;
}

/** Files of fewer bytes, as most pages are, are read at once. */
const AT_ONCE = 1 << 22;

/** Larger ones are read in chunks. */
const CHUNK = 1 << 20;

/** All of a file, `undefined` when it has become larger than it was when it was found. */
function readAtOnce(name: string, bytes: number): Buffer | undefined {
  const buffer = lease(bytes + 1);
  const file = openSync(name, "r");
  let length = 0;
  try {
    for (let read = 1; read > 0; length += read) {
      read = readSync(file, buffer, length, buffer.length - length, null);
    }
  } finally {
    closeSync(file);
  }
  return length > bytes ? undefined : buffer.subarray(0, length);
}

/**
 * A file in chunks, each good until the next is asked for.
 *
 * @param isRegular whether reading waits for nobody: then it takes less time without another thread
 */
async function* chunksOf(name: string, isRegular: boolean): AsyncGenerator<Buffer> {
  const file = await open(name, "r");
  const chunk = Buffer.allocUnsafeSlow(CHUNK);
  try {
    for (;;) {
      // Lets signals arrive: neither reading nor mapping waits for anything.
      if (isRegular) await turn();
      const bytesRead = isRegular
        ? readSync(file.fd, chunk, 0, CHUNK, null)
        : (await file.read(chunk, 0, CHUNK, null)).bytesRead;
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function openDescribed({ name, s3, fault, bytes }: SourceDescription): Promise<Opened> {
  if (fault !== undefined) throw new InputError(fault);
  if (s3 !== undefined) return openObject(s3);
  const isSmall = bytes !== undefined && bytes < AT_ONCE;
  if (isSmall) await turn();
  const all = isSmall ? readAtOnce(name, bytes) : undefined;
  return { bytes: all ?? chunksOf(name, bytes !== undefined) };
}

/** A file or an object as a source. */
export function sourceOf(description: SourceDescription): Source {
  return { ...description, open: () => openDescribed(description) };
}

/** What one input holds: the first of it, and the rest of a long listing. */
interface FoundFiles {
  readonly first: readonly Source[];
  readonly rest?: AsyncIterator<Source> | undefined;
  readonly passedOver?: number;
}

async function filesOf(name: string): Promise<FoundFiles> {
  let found: Stats;
  try {
    found = statSync(name);
  } catch (error) {
    throw new ConfigError(`${name}: ${reason(error)}`, { cause: error });
  }
  if (!found.isDirectory()) return { first: [sourceOf(describe(name, basename(name), found))] };
  const below = join(name, "/");
  const { pages, faults, passedOver } = await filesBelow(name);
  const relativeTo = (path: string): string => (path.startsWith(below) ? path.slice(below.length) : path);
  const sources = pages.map((page) => {
    const relativeName = relativeTo(page);
    let stats = found;
    try {
      stats = statSync(page);
    } catch {
      // A page that cannot be asked (a dangling link) is reported when it is read.
    }
    return sourceOf(describe(page, relativeName, stats));
  });
  const unlisted = faults.map(({ directory, fault }) =>
    sourceOf({ ...describe(directory, `${relativeTo(directory)}/`, found), fault }),
  );
  return { first: [...sources, ...unlisted], passedOver };
}

function objectSource(place: S3Place, { key, bytes, modified }: S3Listed, below: string): Source {
  const object = { ...place, key };
  const relativeName = key.slice(below.length) || basename(key);
  return sourceOf({ name: s3Name(object), relativeName, modified, bytes, s3: object });
}

/** The rest of a listing as sources; where it breaks off, a source that says so stands for what is missing. */
async function* objectsBelow(place: S3Place, listing: AsyncIterator<S3Page>): AsyncGenerator<Source> {
  try {
    for (let page = await listing.next(); page.done !== true; page = await listing.next()) {
      for (const listed of page.value.objects) yield objectSource(place, listed, place.key);
    }
  } catch (error) {
    const name = s3Name(place);
    const fault = `${name}: the listing broke off: ${s3Reason(error)}`;
    yield sourceOf({ name, relativeName: basename(name), modified: new Date(0).toISOString(), fault });
  }
}

/** An object by its key, else every object below the key. */
async function objectsOf(name: string, forcePathStyle: boolean): Promise<FoundFiles> {
  const named = s3Place(name, forcePathStyle);
  const isFolder = named.key === "" || named.key.endsWith("/");
  try {
    const object = isFolder ? undefined : await headObject(named);
    if (object !== undefined) return { first: [objectSource(named, object, object.key)] };
    const place = isFolder ? named : { ...named, key: `${named.key}/` };
    const listing = listObjects(place);
    const page = await listing.next();
    if (page.done === true) return { first: [] };
    const first = page.value.objects.map((listed) => objectSource(place, listed, place.key));
    return page.value.isLast ? { first } : { first, rest: objectsBelow(place, listing) };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const message = `${name}: cannot be listed: ${s3Reason(error)}`;
    if (s3ErrorName(error) === "NoSuchBucket") throw new ConfigError(message, { cause: error });
    throw new InputError(message, { cause: error });
  }
}

async function find(name: string, { stdin, now, forcePathStyle }: Around): Promise<FoundFiles> {
  if (name === "-") {
    const open = async (): Promise<Opened> => ({ bytes: stdin });
    return { first: [{ name, relativeName: "stdin", modified: now.toISOString(), open }] };
  }
  return isS3(name) ? objectsOf(name, forcePathStyle) : filesOf(name);
}

/** Tells what the command itself writes: that is not an input, although a directory holds it. */
async function outputsOf(outputs: readonly string[], { stdoutFile }: Around) {
  const files = await Promise.all(outputs.map((path) => stat(path).catch(() => undefined)));
  const identities = [...files.filter((file) => file?.isFile()), stdoutFile];
  const folders = outputs
    .filter((path) => path.endsWith("/"))
    .map((path) => (isS3(path) ? path : join(resolve(path), "/")));
  return ({ name, identity }: SourceDescription): boolean =>
    outputs.includes(name) ||
    identities.some(
      (one) => identity !== undefined && one?.dev === identity.dev && one.ino === identity.ino,
    ) ||
    folders.some((folder) => (isS3(name) ? name : resolve(name)).startsWith(folder));
}

/**
 * The sources that `inputs` name, in their order, those of a directory or of a prefix in code-point order.
 *
 * @param outputs what the command writes, a directory with a slash at its end; it is not an input
 * @throws ConfigError when an input does not exist or is an output too, or no input holds a page.
 * @throws InputError when an input cannot be listed.
 */
export async function findSources(
  inputs: readonly string[],
  outputs: readonly string[],
  around: Around,
): Promise<Sources> {
  if (inputs.filter((input) => input === "-").length > 1) {
    throw new ConfigError("standard input (-) can be named only once");
  }
  const isOutput = await outputsOf(outputs, around);
  let isBelowOutput = false;
  const keep = (sources: readonly Source[]): Source[] =>
    sources.filter((source) => {
      const isKept = !isOutput(source);
      isBelowOutput ||= !isKept;
      return isKept;
    });
  const found: FoundFiles[] = [];
  let passedOver = 0;
  for (const input of inputs) {
    let { first, rest, passedOver: more = 0 } = await find(input, around);
    passedOver += more;
    if (first.some((source) => source.name === input && isOutput(source))) {
      throw new ConfigError(`${input}: is both input and output`);
    }
    first = keep(first);
    while (rest !== undefined && first.length === 0) {
      const next = await rest.next();
      if (next.done === true) rest = undefined;
      else first = keep([next.value]);
    }
    found.push({ first, rest });
  }
  const first = found.flatMap((one) => one.first);
  if (first.length === 0) {
    const searched = "a directory is searched for *.json, *.ndjson and *.jsonl, plain or .gz";
    const objects = inputs.some(isS3) ? ", an s3:// prefix for any object below it" : "";
    const why = isBelowOutput ? "all of it lies in the output; give --out another place" : searched + objects;
    throw new ConfigError(`no pages found in ${inputs.join(", ")}: ${why}`);
  }
  return {
    first,
    isAll: found.every(({ rest }) => rest === undefined),
    passedOver,
    async *[Symbol.asyncIterator]() {
      for (const { first: known, rest } of found) {
        yield* known;
        if (rest === undefined) continue;
        for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
          if (!isOutput(next.value)) yield next.value;
        }
      }
    },
  };
}

/** Most objects that are opened before their turn. */
const OBJECTS_AHEAD = 4;

function openNow(source: Source): Source {
  const opened = source.open();
  // The error reaches whoever reads the source.
  opened.catch(() => {});
  return { ...source, open: () => opened };
}

/** The sources in their order, each object opened while those before it are read. */
export async function* openAhead(sources: Sources): AsyncGenerator<Source> {
  const ahead: Source[] = [];
  for await (const source of sources) {
    ahead.push(source.s3 === undefined ? source : openNow(source));
    const next = ahead.length > OBJECTS_AHEAD ? ahead.shift() : undefined;
    if (next !== undefined) yield next;
  }
  yield* ahead;
}

/** The objects of one run of the collector as sources: those that its manifest lists, with the bytes that it lists. */

import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { ConfigError, errorCode, InputError, reason } from "./errors.ts";
import { objectsIn, type RunManifest, type RunObject, readManifest } from "./manifest.ts";
import type { Opened } from "./opened.ts";
import { isS3, listObjects, openObject, type S3Place, s3Name, s3Place, s3Reason } from "./s3.ts";
import { describe, type Source, type Sources, sourceOf } from "./sources.ts";

/** Where manifests are below the place that a run wrote to, unless `MANIFEST_PREFIX` says otherwise. */
const DEFAULT_PREFIX = "duo/manifests/";

/** As the collector names them: by the day of the run, and its id. */
const MANIFEST_KEY = /(?:^|\/)\d{4}\/\d\d\/\d\d\/(?!duo-)([^/]+)\.json$/;

export interface RunAround {
  readonly forcePathStyle: boolean;
  /** `MANIFEST_PREFIX`, where it is set. */
  readonly manifestPrefix: string | undefined;
}

/** A place that a run wrote to: a directory, or a bucket. */
interface ObjectStore {
  /** The keys of all files or objects below a prefix. */
  manifests(prefix: string): Promise<string[]>;
  read(key: string): Promise<string>;
  source(object: RunObject, manifest: RunManifest): Source;
}

async function allOf({ bytes }: Opened, most: number): Promise<Buffer> {
  if (Buffer.isBuffer(bytes)) return bytes;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    if (length > most) break;
  }
  return Buffer.concat(chunks);
}

/** A source that gives the bytes that the manifest lists, or says that they have changed. */
function checked(source: Source, { bytes, sha256 }: RunObject): Source {
  const open = async (): Promise<Opened> => {
    const opened = await source.open();
    const all = await allOf(opened, bytes);
    const isSame = createHash("sha256").update(all).digest("hex") === sha256;
    return isSame ? { ...opened, bytes: all } : { ...opened, bytes: Buffer.alloc(0), isChanged: true };
  };
  return { ...source, open };
}

function directoryStore(root: string): ObjectStore {
  return {
    async manifests(prefix) {
      const folder = join(root, prefix);
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
        (error: unknown) => {
          if (["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "")) return [];
          throw new InputError(`${folder}: cannot be listed: ${reason(error)}`, { cause: error });
        },
      );
      const files = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      return files.map((file) => join(prefix, relative(folder, file)));
    },
    read: (key) => readFile(join(root, key), "utf8"),
    source(object, { start }) {
      const name = join(root, object.key);
      const relativeName = object.key;
      try {
        return checked(sourceOf(describe(name, relativeName, statSync(name))), object);
      } catch (error) {
        const fault = `${name}: cannot be read: ${reason(error)}`;
        return sourceOf({ name, relativeName, modified: start, fault });
      }
    },
  };
}

function bucketStore({ bucket, forcePathStyle }: S3Place): ObjectStore {
  const placeOf = (key: string) => ({ bucket, forcePathStyle, key });
  return {
    async manifests(prefix) {
      const keys: string[] = [];
      try {
        for await (const page of listObjects(placeOf(prefix)))
          keys.push(...page.objects.map(({ key }) => key));
      } catch (error) {
        const name = s3Name(placeOf(prefix));
        throw new InputError(`${name}: cannot be listed: ${s3Reason(error)}`, { cause: error });
      }
      return keys;
    },
    async read(key) {
      const opened = await openObject(placeOf(key));
      return (await allOf(opened, Number.POSITIVE_INFINITY)).toString("utf8");
    },
    source(object, { start }) {
      const s3 = placeOf(object.key);
      const { key, bytes } = object;
      return checked(sourceOf({ name: s3Name(s3), relativeName: key, modified: start, bytes, s3 }), object);
    },
  };
}

/** What a run wrote to, as the user named it. */
interface Named {
  readonly store: ObjectStore;
  /** Only objects below it are wanted. */
  readonly below: string;
  /** Where to look for manifests below the store, the likeliest first. */
  readonly prefixes: readonly string[];
}

/** The directory and all that it lies in: a user may name the pages' own folder. */
function ancestorsOf(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestorsOf(parent)];
}

function namedPlaces(input: string, { forcePathStyle, manifestPrefix = DEFAULT_PREFIX }: RunAround): Named[] {
  const prefix = manifestPrefix.trim().replace(/^\/+|\/+$/g, "");
  if (isS3(input)) {
    const place = s3Place(input, forcePathStyle);
    const below = place.key === "" || place.key.endsWith("/") ? place.key : `${place.key}/`;
    return [{ store: bucketStore(place), below, prefixes: [`${prefix}/`, below] }];
  }
  const directory = resolve(input);
  // The name as the user wrote it, where that is enough.
  return ancestorsOf(directory).map((root): Named => {
    const below = directory === root ? "" : `${directory.slice(join(root, "/").length)}/`;
    return { store: directoryStore(root === directory ? input : root), below, prefixes: [prefix] };
  });
}

/** The manifest of a run in a store: by its id, or the one that started last. */
async function manifestIn(
  { store, prefixes }: Pick<Named, "store" | "prefixes">,
  run: string,
): Promise<{ readonly key: string; readonly manifest: RunManifest } | undefined> {
  for (const prefix of prefixes) {
    const keys = (await store.manifests(prefix)).filter((key) => MANIFEST_KEY.test(key)).sort();
    const wanted =
      run === "latest"
        ? keys.filter((key) => dirname(key) === dirname(keys.at(-1) ?? ""))
        : keys.filter((key) => basename(key, ".json") === run);
    const found = await Promise.all(
      wanted.map(async (key) => {
        const text = await store.read(key).catch((error: unknown) => {
          if (error instanceof InputError) throw error;
          throw new InputError(`${key}: cannot be read: ${reason(error)}`, { cause: error });
        });
        return { key, manifest: readManifest(text) };
      }),
    );
    const [last] = found
      .flatMap(({ key, manifest }) => (manifest === undefined ? [] : [{ key, manifest }]))
      .sort((a, b) => (a.manifest.start < b.manifest.start ? 1 : -1));
    if (last !== undefined) return last;
  }
  return undefined;
}

const isPath = (run: string): boolean => isS3(run) || run.includes("/") || run.endsWith(".json");

/** The manifest at a path, and the places in which its objects may be: those that it lies in. */
async function manifestAt(
  run: string,
  around: RunAround,
): Promise<{ manifest: RunManifest; places: Named[] }> {
  const [store, key] = isS3(run)
    ? [bucketStore(s3Place(run, around.forcePathStyle)), s3Place(run, around.forcePathStyle).key]
    : [directoryStore(dirname(run)), basename(run)];
  const text = await store.read(key).catch((error: unknown) => {
    if (error instanceof InputError) throw error;
    throw new ConfigError(`--run: ${run}: ${reason(error)}`, { cause: error });
  });
  const manifest = readManifest(text);
  if (manifest === undefined)
    throw new ConfigError(
      `--run: ${run} is not a manifest of collect; give the path of a manifest, the id of a run, or latest`,
    );
  if (isS3(run)) return { manifest, places: [{ store, below: "", prefixes: [] }] };
  const roots = ancestorsOf(dirname(run.startsWith("/") ? run : join(".", run)));
  return {
    manifest,
    places: roots.map((root) => ({ store: directoryStore(root), below: "", prefixes: [] })),
  };
}

/** True when the first of the manifest's objects is in the store. */
function holds({ store }: Named, manifest: RunManifest): boolean {
  const [first] = objectsIn(manifest, () => true);
  return first !== undefined && store.source(first, manifest).fault === undefined;
}

interface FoundRun {
  readonly place: Named;
  readonly manifest: RunManifest;
}

/** The run whose manifest is at a path. Its objects are below the input, or where the manifest is. */
async function findAt(path: string, named: readonly Named[], around: RunAround): Promise<FoundRun> {
  const { manifest, places } = await manifestAt(path, around);
  const place = [...named, ...places].find((one) => holds(one, manifest)) ?? places[0];
  if (place === undefined) throw new ConfigError(`--run: ${path} is in no directory`);
  return { place, manifest };
}

async function find(run: string, input: string | undefined, around: RunAround): Promise<FoundRun> {
  const named = input === undefined ? [] : namedPlaces(input, around);
  if (isPath(run)) return findAt(run, named, around);
  for (const place of named) {
    const found = await manifestIn(place, run);
    if (found !== undefined) return { place, manifest: found.manifest };
  }
  // With a MANIFEST_PREFIX of its own a run's manifest is somewhere below the input.
  if (input !== undefined && !isS3(input)) {
    const found = await manifestIn({ store: directoryStore(input), prefixes: [""] }, run);
    if (found !== undefined) return findAt(join(input, found.key), named, around);
  }
  throw new ConfigError(
    `--run ${run}: no manifest of such a run in ${input ?? "an input"}; name the directory or prefix that collect wrote, and set MANIFEST_PREFIX if it was set then`,
  );
}

/**
 * The sources of a run. Pages that are stored in several forms are read in one: as Duo sent them, if the run has that
 * form below the input.
 *
 * @param run `latest`, the id of a run, or the path of its manifest
 * @param inputs a directory or prefix that `collect` wrote, or a part of it; with the path of a manifest, none or one
 * @throws ConfigError when there is no such run there. @throws InputError when the place cannot be read.
 */
export async function runSources(
  run: string,
  inputs: readonly string[],
  around: RunAround,
): Promise<{ readonly sources: Sources; readonly isComplete: boolean }> {
  const [input, ...others] = inputs;
  if (others.length > 0)
    throw new ConfigError("--run takes one directory or s3:// prefix that collect wrote");
  const { place, manifest } = await find(run, input, around);
  const { store, below } = place;
  const objects = objectsIn(manifest, (key) => key.startsWith(below));
  if (objects.length === 0)
    throw new ConfigError(`--run ${run}: the run stored nothing below ${input ?? run}`);
  const first = objects.map((object) => store.source(object, manifest));
  const sources = {
    first,
    isAll: true,
    run: manifest.id,
    async *[Symbol.asyncIterator]() {
      yield* first;
    },
  };
  return { sources, isComplete: manifest.isComplete };
}

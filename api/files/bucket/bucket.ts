import {createReadStream, createWriteStream} from "node:fs";
import type {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client
} from "@aws-sdk/client-s3";
import {Upload} from "@aws-sdk/lib-storage";
import {errorLine} from "../../../capture/errorLine.ts";
import type {OpenFile} from "../../../capture/trace/openFile.ts";
import {Refusal} from "../../../capture/trace/refusal.ts";
import {shownAddress} from "../../../capture/withoutSecrets.ts";
import {bucketAddress, bucketPlace, type BucketPlace} from "./bucketAddress.ts";

/**
 * Files in a bucket of any S3 server. Endpoint, region and keys are those of the AWS tools: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, AWS_REGION,
 * AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile. A file is there whole or not at all, and the last one to write it counts: nothing here
 * rests on a condition.
 */

const ANSWER_MS = 4500; // the first word of a bucket comes within five seconds, or never
const TRIES = 4;

const endpointOf = (env: NodeJS.ProcessEnv): string | undefined => env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;

let made: S3Client | undefined;

function client(): S3Client {
  const endpoint = endpointOf(process.env);
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true"; // the version is pinned, and answers are one line
  return (made ??= new S3Client({
    ...(endpoint !== undefined && {endpoint, forcePathStyle: true}), // a server of one's own has no name for each bucket
    region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? "us-east-1",
    maxAttempts: TRIES,
    requestHandler: {connectionTimeout: 3000, requestTimeout: 60_000},
    requestChecksumCalculation: "WHEN_REQUIRED", // servers other than Amazon's know few of them
    responseChecksumValidation: "WHEN_REQUIRED"
  }));
}

const answered = new Map<string, Promise<void>>(); // by bucket: it was asked once

/** Asks a bucket whether it is there and may be read. Throws a Refusal of one line within five seconds, with what was tried. */
export function askBucket({bucket}: BucketPlace): Promise<void> {
  const asking = answered.get(bucket) ?? ask(bucket);
  answered.set(bucket, asking);
  asking.catch(() => answered.delete(bucket));
  return asking;
}

async function ask(bucket: string): Promise<void> {
  const abortSignal = AbortSignal.timeout(ANSWER_MS);
  const command = new ListObjectsV2Command({Bucket: bucket, MaxKeys: 1});
  const late = new Promise<never>((_, reject) =>
    abortSignal.addEventListener("abort", () => reject(new Error(`no answer in ${ANSWER_MS / 1000} s`)), {once: true})
  );
  await Promise.race([client().send(command, {abortSignal}), late]).catch((error: unknown) => {
    throw bucketFault({bucket, key: ""}, abortSignal.aborted ? new Error(`no answer in ${ANSWER_MS / 1000} s`) : error);
  });
}

/** What the SDK says, as one line that names the place and the server, and no key. */
function bucketFault(place: BucketPlace, cause: unknown): Refusal {
  const {name = "", message = ""} = cause as Error;
  const words = /^\w+$/.test(name) && !["Error", "AggregateError"].includes(name) && !message.includes(name) ? `${name}: ` : "";
  const server = endpointOf(process.env);
  const said = errorLine(message === "" ? codeOf(cause) : cause);
  const {$metadata} = cause as {readonly $metadata?: {readonly httpStatusCode?: number}};
  const what = ($metadata?.httpStatusCode ?? 500) < 500 ? "refused by bucket" : "unreachable bucket";
  const where = `${bucketAddress(place)}${server === undefined ? "" : ` at ${shownAddress(server).replace(/\/$/, "")}`}`;
  return new Refusal(`${what}: ${where}: ${words}${said}`, {kind: "storage", cause});
}

/** Of several addresses that were tried, the first one's word. */
const codeOf = (error: unknown): string => {
  const {errors, code} = error as {errors?: Error[]; code?: string};
  return errors?.[0]?.message ?? code ?? "no answer";
};

const isMissing = (error: unknown): boolean => ["NoSuchKey", "NotFound"].includes((error as Error).name);

async function told<T>(place: BucketPlace, work: () => Promise<T>): Promise<T> {
  await askBucket(place);
  return work().catch((error: unknown) => {
    throw isMissing(error) ? missing(place, error) : bucketFault(place, error);
  });
}

/** As a disk says it. */
const missing = (place: BucketPlace, cause: unknown): NodeJS.ErrnoException =>
  Object.assign(new Error(`no such file: ${bucketAddress(place)}`, {cause}), {code: "ENOENT"});

/** Whole, or the former one stays. */
export async function putBytes(address: string, bytes: Uint8Array | string): Promise<void> {
  const place = bucketPlace(address);
  await told(place, () => client().send(new PutObjectCommand({Bucket: place.bucket, Key: place.key, Body: bytes})));
}

/** A file of any size; one that is interrupted leaves nothing that is listed. */
export async function putFile(path: string, address: string): Promise<void> {
  const place = bucketPlace(address);
  await told(place, () =>
    new Upload({client: client(), params: {Bucket: place.bucket, Key: place.key, Body: createReadStream(path)}}).done()
  );
}

export async function getFile(address: string, path: string): Promise<void> {
  const place = bucketPlace(address);
  await told(place, async () => {
    const {Body} = await client().send(new GetObjectCommand({Bucket: place.bucket, Key: place.key}));
    await pipeline(Body as Readable, createWriteStream(path));
  });
}

/** A file that is read by range: nothing of it is fetched but what is asked for. */
export async function openInBucket(address: string): Promise<OpenFile> {
  const place = bucketPlace(address);
  const where = {Bucket: place.bucket, Key: place.key};
  const {ContentLength: size = 0} = await told(place, () => client().send(new HeadObjectCommand(where)));
  const bytesOf = async (range?: string): Promise<Uint8Array> => {
    const {Body} = await client().send(new GetObjectCommand({...where, Range: range}));
    return Body!.transformToByteArray();
  };
  return {
    stat: async () => ({size}),
    readFile: () => told(place, () => bytesOf()),
    async read(into, offset, length, position) {
      const end = Math.min(position + length, size);
      if (end <= position) return {bytesRead: 0};
      const bytes = await told(place, () => bytesOf(`bytes=${position}-${end - 1}`));
      into.set(bytes.subarray(0, length), offset);
      return {bytesRead: Math.min(bytes.length, length)};
    },
    close: async () => {}
  };
}

/** Names right below a place, in their order: of files, and of what begins further ones. */
export async function namesInBucket(address: string): Promise<string[]> {
  const place = bucketPlace(address);
  const prefix = place.key && `${place.key}/`;
  const names: string[] = [];
  let from: string | undefined;
  do {
    const page = await told(place, () =>
      client().send(new ListObjectsV2Command({Bucket: place.bucket, Prefix: prefix, Delimiter: "/", ContinuationToken: from}))
    );
    for (const {Prefix} of page.CommonPrefixes ?? []) names.push(Prefix!.slice(prefix.length, -1));
    for (const {Key} of page.Contents ?? []) names.push(Key!.slice(prefix.length));
    from = page.NextContinuationToken;
  } while (from !== undefined);
  return names.filter((name) => name !== "").sort();
}

/** All that begins with a place, or the file that it is. */
export async function removeInBucket(address: string): Promise<void> {
  const place = bucketPlace(address);
  const remove = (key: string) => told(place, () => client().send(new DeleteObjectCommand({Bucket: place.bucket, Key: key})));
  for (const name of await namesInBucket(address)) await removeInBucket(`s3://${place.bucket}/${place.key && `${place.key}/`}${name}`);
  if (place.key !== "") await remove(place.key);
}

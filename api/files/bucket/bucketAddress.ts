import {Refusal} from "../../../capture/trace/refusal.ts";
import {shownAddress} from "../../../capture/withoutSecrets.ts";

/** A place in a bucket: `key` is a file's name there, or the beginning of many. */
export interface BucketPlace {
  readonly bucket: string;
  readonly key: string;
}

const ADDRESS = /^s3:\/+([^/]*)\/*(.*)$/s; // Node's join leaves one slash of two: places are joined as paths are

/** Whether a place is in a bucket: everything else is a path of this machine. */
export const isBucket = (place: string): boolean => place.startsWith("s3:/");

/** The parts of `s3://bucket/prefix`. Throws a Refusal for what is no address. */
export function bucketPlace(place: string): BucketPlace {
  const [, bucket, key] = ADDRESS.exec(place) ?? [];
  if (
    bucket === undefined ||
    !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) ||
    key.split("/").some((name) => name === "." || name === "..")
  )
    throw new Refusal(`invalid bucket: ${shownAddress(place.slice(0, 200))}; expected an address such as s3://bucket/prefix`);
  return {bucket, key: key.replace(/\/+$/, "")};
}

/** As one types it. */
export const bucketAddress = ({bucket, key}: BucketPlace): string => `s3://${bucket}${key && "/"}${key}`;

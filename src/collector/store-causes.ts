/** Why an object could not be stored: whether that concerns it alone, or all objects of the run. */

import { dirname } from "node:path/posix";
import { isProtocolFault } from "../io/s3.ts";
import { isCertificateCode } from "../io/tls.ts";

/** Of the credentials, the clock, the bucket, the way to it, or the disk: no other object would be spared. */
const OF_ALL = new Set([
  "AccessPointWithoutHost",
  "AllAccessDisabled",
  "AuthorizationHeaderMalformed",
  "CredentialsProviderError",
  "ERR_INVALID_URL",
  "EndpointError",
  "ExpiredToken",
  "ExpiredTokenException",
  "IllegalLocationConstraintException",
  "InvalidAccessKeyId",
  "InvalidBucketName",
  "InvalidClientTokenId",
  "InvalidToken",
  "NoSuchBucket",
  "NotAnS3Answer",
  "NotSignedUp",
  "PermanentRedirect",
  "QuotaExceeded",
  "RequestExpired",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
  "TimeoutError",
  "TokenRefreshRequired",
  "UnrecognizedClientException",
  "XMinioStorageFull",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EDQUOT",
  "EHOSTUNREACH",
  "EIO",
  "ENETUNREACH",
  "ENOSPC",
  "ENOTFOUND",
  "EROFS",
]);

/** A missing permission, a path that leads nowhere, a way that is cut: of all objects of a folder, until one is stored. */
const OF_FOLDER = new Set([
  "AccessDenied",
  "Forbidden",
  "HTTP 401",
  "HTTP 405",
  "HTTP 407",
  "HTTP 501",
  "MethodNotAllowed",
  "NotFound",
  "NotImplemented",
  "EACCES",
  "ECONNRESET",
  "EEXIST",
  "ENOENT",
  "ENOTDIR",
  "EPERM",
  "EPIPE",
]);

/** Whether an error of this name would keep any object from being stored, wherever it goes. */
export function concernsStore(reason: string): boolean {
  return OF_ALL.has(reason) || reason.startsWith("KMS") || isCertificateCode(reason);
}

export class StoreCauses {
  readonly #taken = new Set<string>();

  /** Called for each object that was stored. */
  sawStored(key: string): void {
    this.#taken.add(dirname(key));
  }

  /** Whether what kept the object at `key` from being stored would keep the others, too. */
  concernAll(reason: string, key: string): boolean {
    if (concernsStore(reason)) return true;
    const isOfFolder = OF_FOLDER.has(reason) || isProtocolFault(reason);
    return isOfFolder && !this.#taken.has(dirname(key));
  }
}

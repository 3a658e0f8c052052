/** What Node.js calls the faults of TLS. */

/** Its codes of certificates that it refuses. Source: its documentation of TLS, "X509 certificate error codes". */
const CERTIFICATE_CODE =
  /CERT|CRL|^UNABLE_TO_|^HOSTNAME_MISMATCH$|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$|^UNSPECIFIED$/;

export function isCertificateCode(systemCode: string): boolean {
  return CERTIFICATE_CODE.test(systemCode);
}

/** Whether this is a Node.js code of a server that does not speak TLS as expected. */
export function isTlsCode(systemCode: string): boolean {
  return systemCode === "EPROTO" || systemCode.startsWith("ERR_SSL_");
}

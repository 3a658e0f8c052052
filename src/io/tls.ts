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

/** What to do when a certificate is refused. */
export const CERTIFICATE_ADVICE =
  "if a proxy or firewall of your company inspects TLS, give its CA certificate in NODE_EXTRA_CA_CERTS; else check the network and this machine's clock";

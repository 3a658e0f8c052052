/** What to do about a fault of the way to a host, whichever host it is. */

export const CERTIFICATE_ADVICE =
  "if a proxy or firewall of your company inspects TLS, give its CA certificate in NODE_EXTRA_CA_CERTS; else check the network and this machine's clock";

export const PROXY_LOGIN_ADVICE =
  "give a user and a password in HTTPS_PROXY (http://user:password@host:port), or ask whoever runs the proxy";

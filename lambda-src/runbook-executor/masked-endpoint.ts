/** Enough of a subscriber's address to recognise it by: an e-mail address is personal, and a pager's URL holds its secret. */
export function maskedEndpoint(endpoint: string): string {
  const [, scheme, host] = /^(https?:\/\/)(?:[^/?#]*@)?([^/?#]*)/i.exec(endpoint) ?? [];
  if (scheme) return `${scheme}${host}/***`;
  const [, first, domain] = /^(.).*(@[^@]+)$/.exec(endpoint) ?? [];
  if (domain) return `${first}***${domain}`;
  return endpoint.length > 8 ? `***${endpoint.slice(-4)}` : '***';
}

/**
 * Texts that are credentials by their shape. The group named `s` is the secret part, where not all of the match is; what stands
 * around it stays readable.
 */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  /-----BEGIN CERTIFICATE-----[\s\S]*?(?:-----END CERTIFICATE-----|$)/g,
  // JWT: three parts of base64url, the first a JSON object
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/g,
  /(?<=[?&;"\s]sig=)(?<s>[A-Za-z0-9%+/=_-]{16,})/gi,
  /(?<=(?:AccountKey|SharedAccessKey|SharedAccessSignature|SharedSecret|Password|Pwd|ClientSecret|InstrumentationKey)\s?=\s?)(?<s>[^;"'\s]{4,})/gi,
  /(?<=[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']{0,100}:)(?<s>[^\s/@"']{3,200})(?=@)/gi,
  /(?<=\b(?:Bearer|Basic)\s)(?<s>[A-Za-z0-9._~+/=-]{12,})/gi,
  /(?<=(?:client-key-data|client-certificate-data|certificate-authority-data|token|password|client-secret|access-token|id-token|refresh-token)["']?:\s*["']?)(?<s>[^\s"'{},]{8,})/g,
  // storage account and Cosmos keys: 64 bytes of base64
  /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==/g,
  // client secrets of Entra
  /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,37}/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{18,}|hf_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9_-]{20,}|nvapi-[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{30,}|AKIA[A-Z0-9]{16}|dapi[0-9a-f]{32})\b/g,
];

/**
 * Any text that holds one of the shapes holds one of these, in any case, or a "=". The masker looks for them character by
 * character, in the same pass as for known secrets: most texts of a plan need no more than that.
 */
export const SHAPE_TRIGGERS: readonly string[] = [
  ...['---', 'eyj', 'bea', 'bas', '8q~'],
  ...['ghp', 'gho', 'ghu', 'ghs', 'ghr', 'git', 'glp', 'hf_', 'xox', 'sk-', 'nva', 'npm', 'aki', 'dap'],
];

/** The same of shapes that have a ":" or a "=" before the secret; the address of a secret in a vault has neither. */
export const NAME_TRIGGERS: readonly string[] = ['sig', 'key', 'sec', 'pas', 'pwd', '://', 'tok', 'cli', 'aut'];

/** Tells most texts with a trigger apart from all shapes, at the price of one expression instead of all. */
const MAYBE =
  /-----BEGIN|eyJ|sig=|key\s?=|signature\s?=|secret\s?=|password|pwd\s?=|:\/\/[^\s/]*@|bearer\s|basic\s|client-key|client-cert|authority-data|token|client-secret|==|8Q~|gh[pousr]_|github_pat|glpat-|hf_|xox[abprs]-|sk-|nvapi-|npm_|AKIA|dapi/i;

/** Replaces what is shaped like a credential. */
export function replaceShapes(text: string, mark: (secret: string) => string): string {
  if (text.length < 8 || !MAYBE.test(text)) return text;
  return SHAPES.reduce(
    (done, shape) => done.replace(shape, (found: string) => (found.startsWith('(sensitive') ? found : mark(found))),
    text,
  );
}

/** Secrets inside a longer secret text: of a kubeconfig, a connection string, a JSON document. */
export function secretsInside(text: string): string[] {
  const found: string[] = [];
  if (!/[:=]/.test(text)) return found;
  for (const match of text.matchAll(/["']?([\w.-]{2,60})["']?\s*[:=]\s*["']?([^\s"'{},;]{6,})/g)) {
    const [, name = '', value = ''] = match;
    if (/data$|token|passw|secret|key$|sig$|signature|pwd/i.test(name)) found.push(value);
  }
  return found;
}

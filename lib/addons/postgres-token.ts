/** Folder in which the token lies, and the file that libpq reads a password from at each new connection. */
export const TOKEN_FOLDER = '/var/run/postgres-token';
export const PASSWORD_FILE = `${TOKEN_FOLDER}/pgpass`;

/**
 * Keeps a token for Azure Database for PostgreSQL in a password file, as the workload identity of the pod: no password exists, and
 * a token lives for an hour or so. Standard library only, so that any image with Python will do.
 */
const SCRIPT = `
import json, os, time, urllib.parse, urllib.request

FILE = "${PASSWORD_FILE}"

def refresh():
    with open(os.environ["AZURE_FEDERATED_TOKEN_FILE"]) as file:
        assertion = file.read()
    form = urllib.parse.urlencode({
        "grant_type": "client_credentials",
        "client_id": os.environ["AZURE_CLIENT_ID"],
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
        "scope": "https://ossrdbms-aad.database.windows.net/.default",
    }).encode()
    address = os.environ["AZURE_AUTHORITY_HOST"].rstrip("/") + "/" + os.environ["AZURE_TENANT_ID"] + "/oauth2/v2.0/token"
    with urllib.request.urlopen(address, form, timeout=30) as answer:
        token = json.load(answer)
    handle = os.open(FILE + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(handle, ("*:*:*:*:" + token["access_token"] + "\\n").encode())
    os.close(handle)
    os.replace(FILE + ".new", FILE)
    return int(token["expires_in"])

while True:
    try:
        pause = max(60, refresh() // 2)
    except Exception as error:
        print("no token:", type(error).__name__, getattr(error, "code", ""), flush=True)
        pause = 15
    time.sleep(pause)
`.trim();

const SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  privileged: false,
};

/** A container that starts before all others and stays: a sidecar, as Kubernetes 1.29 and later know them. */
export function tokenSidecar(image: string, userId: number): { [key: string]: unknown } {
  return {
    name: 'postgres-token',
    image,
    restartPolicy: 'Always',
    command: ['python', '-u', '-c', SCRIPT],
    securityContext: { ...SECURITY, runAsUser: userId, runAsGroup: userId },
    resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    // What comes after it finds a token.
    startupProbe: { exec: { command: ['test', '-s', PASSWORD_FILE] }, periodSeconds: 2, failureThreshold: 60 },
    volumeMounts: [{ name: 'postgres-token', mountPath: TOKEN_FOLDER }],
  };
}

/** A container that runs once, with the token at hand. */
export function withToken(container: { [key: string]: unknown }, userId: number): { [key: string]: unknown } {
  return {
    ...container,
    securityContext: { ...SECURITY, runAsUser: userId, runAsGroup: userId },
    volumeMounts: [
      { name: 'postgres-token', mountPath: TOKEN_FOLDER, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

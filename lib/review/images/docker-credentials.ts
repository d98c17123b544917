import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isObject } from '../../guardrails/model/json';
import { InputError } from '../input-error';

/** What a registry is asked with. Never printed. */
export interface RegistryCredential {
  readonly username: string;
  readonly password: string;
  /** Of an OAuth2 login, as `az acr login` keeps it. */
  readonly identityToken?: string;
}

type Variables = { readonly [name: string]: string | undefined };

const DOCKER_HUB = 'https://index.docker.io/v1/';

/**
 * Logins as Docker keeps them: DOCKER_AUTH_CONFIG (the JSON itself), REGISTRY_AUTH_FILE, config.json in DOCKER_CONFIG or ~/.docker;
 * with programs that keep them elsewhere (`credHelpers`, `credsStore`).
 * @throws InputError when the file cannot be read
 */
export function dockerCredentials(variables: Variables): (registry: string) => RegistryCredential | undefined {
  const config = configOf(variables);
  return (registry) => {
    const names = registry === 'docker.io' ? [DOCKER_HUB, 'docker.io', 'index.docker.io'] : [registry, `https://${registry}`];
    const auths = isObject(config.auths) ? config.auths : {};
    for (const name of names) {
      const found = fromEntry(auths[name]) ?? fromHelper(helperOf(config, name), name, variables);
      if (found) return found;
    }
    return undefined;
  };
}

function configOf(variables: Variables): Record<string, unknown> {
  if (variables.DOCKER_AUTH_CONFIG) return parsed('DOCKER_AUTH_CONFIG', variables.DOCKER_AUTH_CONFIG);
  const file = variables.REGISTRY_AUTH_FILE ?? join(variables.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json');
  return existsSync(file) ? parsed(file, readFileSync(file, 'utf8')) : {};
}

function parsed(source: string, text: string): Record<string, unknown> {
  try {
    const config: unknown = JSON.parse(text);
    if (isObject(config)) return config;
  } catch {
    // The parser's own message quotes the text around, which is a secret.
  }
  throw new InputError(source, {
    what: 'no configuration of Docker',
    allowed: 'JSON with "auths"',
    fix: 'correct it, or log in again with docker login or az acr login',
  });
}

function fromEntry(entry: unknown): RegistryCredential | undefined {
  if (!isObject(entry)) return undefined;
  const decoded = typeof entry.auth === 'string' ? Buffer.from(entry.auth, 'base64').toString('utf8') : '';
  const colon = decoded.indexOf(':');
  const username = colon > 0 ? decoded.slice(0, colon) : '';
  const password = colon > 0 ? decoded.slice(colon + 1) : '';
  if (typeof entry.identitytoken === 'string' && entry.identitytoken !== '') {
    return { username, password, identityToken: entry.identitytoken };
  }
  return username === '' || password === '' ? undefined : { username, password };
}

function helperOf(config: Record<string, unknown>, registry: string): string | undefined {
  const helpers = isObject(config.credHelpers) ? config.credHelpers : {};
  const helper = helpers[registry] ?? config.credsStore;
  return typeof helper === 'string' && /^[\w-]+$/.test(helper) ? helper : undefined;
}

/** A helper that fails has no login for the registry: it is asked without one. */
function fromHelper(helper: string | undefined, registry: string, variables: Variables): RegistryCredential | undefined {
  if (helper === undefined) return undefined;
  try {
    const answer: unknown = JSON.parse(
      execFileSync(`docker-credential-${helper}`, ['get'], {
        input: registry,
        encoding: 'utf8',
        env: variables,
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: 10_000,
      }),
    );
    if (!isObject(answer) || typeof answer.Username !== 'string' || typeof answer.Secret !== 'string') return undefined;
    const isToken = answer.Username === '<token>';
    return isToken
      ? { username: '', password: '', identityToken: answer.Secret }
      : { username: answer.Username, password: answer.Secret };
  } catch {
    return undefined;
  }
}

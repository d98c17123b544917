import { ConfigurationError } from '../core/configuration-error';

/** Which of two versions answers. */
export enum ReleaseColor {
  /** The version that the service is declared with. */
  BLUE = 'blue',
  /** The new version. */
  GREEN = 'green',
}

export interface CanaryOptions {
  /** The new version: a path of the model beside the present one, e.g. "fraud/8"; for a ModelServer the digest of an image. */
  readonly revision: string;
  /** Share of the requests that it answers, 0-100. */
  readonly trafficPercent: number;
  /** Copies of it, all the time. @default 1 */
  readonly replicas?: number;
}

export interface ShadowOptions {
  /** The new version, as for a canary. */
  readonly revision: string;
  /** Share of the requests that it gets a copy of, 1-100. Its answers are thrown away. @default 100 */
  readonly mirrorPercent?: number;
  /** Copies of it, all the time. @default 1 */
  readonly replicas?: number;
}

export interface BlueGreenOptions {
  /** The new version, as for a canary. */
  readonly revision: string;
  /** Which one answers. @default ReleaseColor.BLUE */
  readonly active?: ReleaseColor;
  /** Copies of the new version. @default - as many as the service has at least */
  readonly replicas?: number;
}

/** How a new version of a model comes in beside the present one. */
export abstract class Rollout {
  /** Short name of the version, part of the names of what runs it, e.g. "r8". */
  public readonly revisionName: string;

  protected constructor(
    /** "canary", "shadow" or "blue-green". */
    public readonly kind: string,
    public readonly revision: string,
    /** Share of the requests that the new version answers. */
    public readonly trafficPercent: number,
    /** Share of the requests that it gets a copy of. */
    public readonly mirrorPercent: number,
    public readonly replicas?: number,
  ) {
    this.revisionName = revisionName(kind, revision);
    checkPercent(kind, 'trafficPercent', trafficPercent);
    checkPercent(kind, 'mirrorPercent', mirrorPercent);
    if (replicas !== undefined && (!Number.isInteger(replicas) || replicas < 1)) {
      throw new ConfigurationError(`Rollout (${kind})`, {
        what: 'replicas is not valid',
        got: String(replicas),
        allowed: 'a whole number from 1 on',
        fix: 'state at least 1, or leave it out',
      });
    }
  }
}

/** A new version that answers a share of the requests. */
export class Canary extends Rollout {
  /** @throws when the share is not 0-100 or the revision cannot name anything */
  public static of(options: CanaryOptions): Canary {
    return new Canary('canary', options.revision, options.trafficPercent, 0, options.replicas ?? 1);
  }
}

/** A new version that gets a copy of the requests; users get the answers of the present one. */
export class Shadow extends Rollout {
  /** @throws when the share is not 1-100 or the revision cannot name anything */
  public static of(options: ShadowOptions): Shadow {
    return new Shadow('shadow', options.revision, 0, options.mirrorPercent ?? 100, options.replicas ?? 1);
  }
}

/** Two versions at full size, one of which answers. */
export class BlueGreen extends Rollout {
  /** @throws when the revision cannot name anything */
  public static of(options: BlueGreenOptions): BlueGreen {
    const percent = options.active === ReleaseColor.GREEN ? 100 : 0;
    return new BlueGreen('blue-green', options.revision, percent, 0, options.replicas);
  }
}

/** "fraud/8" as "r8", "fraud/v8" as "v8", "sha256:1f2e3d4c…" as "r1f2e3d4c". */
function revisionName(kind: string, revision: string): string {
  const last = revision.startsWith('sha256:') ? revision.slice(7, 15) : (revision.split('/').at(-1) ?? '');
  const slug = last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 12)
    .replace(/-+$/, '');
  if (slug !== '') return /^[a-z]/.test(slug) ? slug : `r${slug}`;
  throw new ConfigurationError(`Rollout (${kind})`, {
    what: 'revision cannot name anything',
    got: JSON.stringify(revision),
    allowed: 'a path whose last part has letters or digits, or a digest',
    fix: 'e.g. revision: "fraud/8"',
  });
}

function checkPercent(kind: string, field: string, percent: number): void {
  if (Number.isInteger(percent) && percent >= 0 && percent <= 100) return;
  throw new ConfigurationError(`Rollout (${kind})`, {
    what: `${field} is not valid`,
    got: String(percent),
    allowed: 'whole percent, 0-100',
    fix: 'e.g. 10',
  });
}

import { ConfigurationError } from '../core/configuration-error';
import type { Rollout } from './rollout';

/** A version beside the one that the service is declared with. */
export interface Revision {
  readonly name: string;
  readonly revision: string;
  readonly kind: string;
  /** Share of the requests that it answers now. */
  readonly trafficPercent: number;
  /** Share of the requests that it gets a copy of now. */
  readonly mirrorPercent: number;
  readonly replicas?: number;
}

/** What a service's way of running can do. */
export interface TrafficAbilities {
  /** Knative splits between the last two revisions only, and mirrors nothing. */
  readonly knative: boolean;
  /** Whether requests come through a route of ours. */
  readonly routed: boolean;
}

/** Who answers how many of the requests. Versions stay when traffic goes back: a rollback moves nothing else. */
export class TrafficSplit {
  private readonly rollouts: Rollout[] = [];
  private rolledBack = false;

  constructor(
    private readonly path: string,
    private readonly abilities: TrafficAbilities,
  ) {}

  /** @throws when it does not fit the rollouts before it, or the mode */
  public add(rollout: Rollout): void {
    const refuse = (what: string, got: string, allowed: string, fix: string): never => {
      throw new ConfigurationError(this.path, { what, got, allowed, fix });
    };
    const all = [...this.rollouts, rollout];
    const { knative, routed } = this.abilities;
    if (knative && rollout.kind === 'shadow') {
      refuse(
        'Knative mode cannot mirror requests',
        'Shadow',
        'Canary, BlueGreen',
        'use a canary with trafficPercent: 1, or Standard mode',
      );
    }
    if (knative && all.length > 1) {
      refuse(
        'Knative mode splits between the last two revisions only',
        `${all.length} rollouts`,
        'one rollout',
        'finish the first one, or use Standard mode',
      );
    }
    if (!knative && !routed) {
      refuse(
        `a ${rollout.kind} needs a route: KServe in Standard mode starts the new version but sends it nothing`,
        'a service that is reached inside the cluster only',
        'access: ServiceAccess.entra() on a platform with a gateway',
        'have the platform team add a gateway, or deploy the new version as a service of its own',
      );
    }
    if (all.some((one) => one !== rollout && one.revisionName === rollout.revisionName)) {
      refuse('two rollouts have one name', `${rollout.revision} twice`, 'every revision once', 'drop one of them');
    }
    const total = all.reduce((sum, one) => sum + one.trafficPercent, 0);
    if (total > 100) {
      const shares = all.map((one) => `${one.revision} ${one.trafficPercent} %`).join(' + ');
      refuse(
        'rollouts take more than all requests',
        shares,
        '100 % together',
        `lower trafficPercent of ${rollout.revision} to ${100 - total + rollout.trafficPercent}`,
      );
    }
    const mirrors = all.filter((one) => one.mirrorPercent > 0);
    if (mirrors.length > 1) {
      refuse(
        'only one version can get copies of the requests',
        mirrors.map((one) => one.revision).join(', '),
        'one Shadow',
        'end the first one',
      );
    }
    this.rollouts.push(rollout);
  }

  /** All requests to the version that the service is declared with. @throws when there is no rollout */
  public rollback(): void {
    if (this.rollouts.length === 0) {
      throw new ConfigurationError(this.path, {
        what: 'there is no version to go back from',
        got: 'rollback() without rollout()',
        allowed: 'rollback() after rollout(…)',
        fix: 'declare the previous version as the model, and the present one by rollout(BlueGreen.of({ revision, active: ReleaseColor.GREEN }))',
      });
    }
    this.rolledBack = true;
  }

  /** Versions beside the declared one. */
  public revisions(): Revision[] {
    return this.rollouts.map(({ revisionName, revision, kind, trafficPercent, mirrorPercent, replicas }) => ({
      name: revisionName,
      revision,
      kind,
      replicas,
      trafficPercent: this.rolledBack ? 0 : trafficPercent,
      mirrorPercent: this.rolledBack ? 0 : mirrorPercent,
    }));
  }

  /** Share of the requests that the declared version answers. */
  public stablePercent(): number {
    return 100 - this.revisions().reduce((sum, { trafficPercent }) => sum + trafficPercent, 0);
  }
}

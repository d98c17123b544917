import { GuardrailPack, Guardrails } from '../lib/guardrails';
import { PlatformApp } from '../lib/platform';
import { AddonsStack } from './addons-stack';
import type { EnvironmentDescription } from './environment-description';
import { dev } from './environments/dev';
import { prod } from './environments/prod';
import { staging } from './environments/staging';
import { FoundationStack } from './foundation-stack';
import { contoso } from './organization';
import { SharedStack } from './shared-stack';
import { WorkloadsStack } from './workloads-stack';

/**
 * All stacks of the company: what the environments share, then three layers for each environment.
 * @param outdir folder to write to. @default - cdktf.out, or CDKTF_OUTDIR
 * @param environments what to build. @default - dev, staging and prod
 */
export function buildApp(outdir?: string, environments: EnvironmentDescription[] = [dev, staging, prod]): PlatformApp {
  const app = new PlatformApp({ outdir });
  const shared = new SharedStack(app, 'shared', contoso);
  for (const environment of environments) {
    const foundation = new FoundationStack(app, environment, { shared });
    const platform = foundation.contract;
    const addons = new AddonsStack(app, environment, { shared, platform, after: foundation });
    new WorkloadsStack(app, environment, { shared, platform, after: addons });
  }
  Guardrails.apply(app, GuardrailPack.BASELINE.allowingLocations(contoso.location));
  return app;
}

import { PlatformApp } from '../lib/platform';
import { dev } from './environments/dev';
import { prod } from './environments/prod';
import { staging } from './environments/staging';
import { FoundationStack } from './foundation-stack';
import { contoso } from './organization';
import { SharedStack } from './shared-stack';
import { WorkloadsStack } from './workloads-stack';

export function buildApp(outdir?: string): PlatformApp {
  const app = new PlatformApp({ outdir });
  const shared = new SharedStack(app, 'shared', contoso);
  for (const environment of [dev, staging, prod]) {
    const foundation = new FoundationStack(app, environment, { shared });
    new WorkloadsStack(app, environment, { shared, platform: foundation.contract, after: foundation });
  }
  return app;
}

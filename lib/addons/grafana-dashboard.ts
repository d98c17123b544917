import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterAccess, type IMlPlatform } from '../contract';

export interface GrafanaDashboardProps {
  readonly platform: IMlPlatform;
  /** The dashboard's model, as Grafana exports it. */
  readonly dashboard: { [key: string]: unknown };
  /** Name of the ConfigMap. */
  readonly dashboardName: string;
  /** Namespace of Grafana. @default "monitoring" */
  readonly namespace?: string;
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** A dashboard for the Grafana of `KubePrometheusStack`, which picks it up by its label. */
export class GrafanaDashboard extends Construct {
  constructor(scope: Construct, id: string, props: GrafanaDashboardProps) {
    super(scope, id);
    ClusterAccess.of(this, props.platform);
    new ConfigMapV1(this, 'Default', {
      metadata: {
        name: props.dashboardName,
        namespace: props.namespace ?? 'monitoring',
        labels: { grafana_dashboard: '1' },
      },
      // Dashboards are full of ${variables}, which are Grafana's, not Terraform's.
      data: {
        [`${props.dashboardName}.json`]: JSON.stringify(props.dashboard, null, 2)
          .replaceAll('${', () => '$${')
          .replaceAll('%{', () => '%%{'),
      },
      dependsOn: props.dependsOn,
    });
  }
}

import { MonitorDiagnosticSetting } from '@cdktf/provider-azurerm/lib/monitor-diagnostic-setting';
import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type { ILogAnalytics } from './log-analytics';

export interface DiagnosticSettingsProps {
  /** Where logs go. */
  readonly logAnalytics: ILogAnalytics;
  /** ARM id of the resource as a reference. */
  readonly targetId: string;
  /** Log categories, e.g. ["kube-audit-admin"]. @default - all of the resource */
  readonly categories?: string[];
  /** Groups of categories, e.g. ["audit"]. @default - ["allLogs"], where no categories are given */
  readonly categoryGroups?: string[];
  /** Whether metrics go there too; Azure keeps them for 93 days anyway. @default false */
  readonly metrics?: boolean;
  /** Whether each category has a table of its own. Only some services know it. @default false */
  readonly dedicatedTables?: boolean;
}

/** What is logged of a type of resource. */
interface LoggedType {
  /** Appended to the id of the resource. */
  readonly suffix?: string;
  readonly categories?: string[];
  readonly dedicatedTables?: boolean;
}

/** kube-audit logs each read and is by far the dearest; kube-audit-admin has every change. */
const AKS_CATEGORIES = [
  'cluster-autoscaler',
  'guard',
  'kube-apiserver',
  'kube-audit-admin',
  'kube-controller-manager',
  'kube-scheduler',
];

const LOGGED_TYPES: Readonly<Record<string, LoggedType>> = {
  azurerm_container_registry: {},
  azurerm_dashboard_grafana: {},
  azurerm_data_protection_backup_vault: { dedicatedTables: true },
  azurerm_firewall: { dedicatedTables: true },
  azurerm_key_vault: {},
  azurerm_kubernetes_cluster: { categories: AKS_CATEGORIES, dedicatedTables: true },
  azurerm_machine_learning_workspace: {},
  azurerm_network_security_group: {},
  azurerm_postgresql_flexible_server: {},
  azurerm_storage_account: { suffix: '/blobServices/default' },
};

/** Sends the logs of one resource to Log Analytics. */
export class DiagnosticSettings extends Construct {
  /**
   * Sends the logs of all resources below a construct that have some, as they stand now: call it last.
   * @returns one setting for each
   */
  public static forAll(scope: Construct, logAnalytics: ILogAnalytics): DiagnosticSettings[] {
    return scope.node.findAll().flatMap((construct) => {
      const logged = TerraformResource.isTerraformResource(construct) ? LOGGED_TYPES[construct.terraformResourceType] : undefined;
      if (!logged || !TerraformResource.isTerraformResource(construct)) return [];
      const owner = construct.node.scope instanceof Construct ? construct.node.scope : scope;
      const id = `Diagnostics-${construct.node.id}`;
      const existing = owner.node.tryFindChild(id);
      if (existing instanceof DiagnosticSettings) return [existing];
      return [
        new DiagnosticSettings(owner, id, {
          logAnalytics,
          targetId: `${construct.getStringAttribute('id')}${logged.suffix ?? ''}`,
          categories: logged.categories,
          dedicatedTables: logged.dedicatedTables,
        }),
      ];
    });
  }

  /** ARM id as a reference to the resource. */
  public readonly diagnosticSettingId: string;

  constructor(scope: Construct, id: string, props: DiagnosticSettingsProps) {
    super(scope, id);
    const groups = props.categoryGroups ?? (props.categories ? [] : ['allLogs']);
    this.diagnosticSettingId = new MonitorDiagnosticSetting(this, 'Default', {
      name: 'to-log-analytics',
      targetResourceId: props.targetId,
      logAnalyticsWorkspaceId: props.logAnalytics.logAnalyticsId,
      logAnalyticsDestinationType: props.dedicatedTables ? 'Dedicated' : undefined,
      enabledLog: [
        ...groups.map((categoryGroup) => ({ categoryGroup })),
        ...(props.categories ?? []).map((category) => ({ category })),
      ],
      enabledMetric: props.metrics ? [{ category: 'AllMetrics' }] : undefined,
    }).id;
  }
}

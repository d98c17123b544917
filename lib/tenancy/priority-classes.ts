import { PriorityClassV1 } from '@cdktf/provider-kubernetes/lib/priority-class-v1';
import { Construct } from 'constructs';
import { ClusterAccess, type IMlPlatform } from '../contract';

export interface PriorityClassesProps {
  readonly platform: IMlPlatform;
}

/** Who goes first when nodes are short: users' requests before training, training before what can wait. */
export class PriorityClasses extends Construct {
  /** For what answers requests. Takes the place of training and batch. */
  public static readonly SERVING = 'ml-serving';
  /** For training that somebody waits for. Takes the place of batch. */
  public static readonly TRAINING = 'ml-training';
  /** For what can wait. Takes nobody's place. */
  public static readonly BATCH = 'ml-batch';

  constructor(scope: Construct, id: string, props: PriorityClassesProps) {
    super(scope, id);
    ClusterAccess.of(this, props.platform);
    this.add('Serving', PriorityClasses.SERVING, 100_000);
    this.add('Training', PriorityClasses.TRAINING, 10_000);
    this.add('Batch', PriorityClasses.BATCH, 1000, 'Never');
  }

  private add(id: string, name: string, value: number, preemptionPolicy?: string): void {
    new PriorityClassV1(this, id, {
      metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'cdktf-ml-platform' } },
      value,
      preemptionPolicy,
    });
  }
}

export const DEFAULT_FOLDER = 'cdktf.out';

export interface ImagesLockOptions {
  readonly out: string;
  readonly add?: string[];
  /** Milliseconds, for one request. */
  readonly timeout: number;
}

export interface ImagesCheckOptions {
  readonly lock: string;
  readonly timeout: number;
}

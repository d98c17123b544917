export const CI_PROVIDERS = ['github', 'azure-devops'] as const;

export interface InitCiOptions {
  readonly provider: (typeof CI_PROVIDERS)[number];
  /** Where the project is. */
  readonly into: string;
  readonly force?: boolean;
}

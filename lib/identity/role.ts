/** Something that a principal may do, built in or of your own. */
export interface IRole {
  readonly roleName: string;
  /** GUID of the role definition. */
  readonly roleId: string;
  /** Id of the definition as a reference to the resource. @default - that of a built-in role */
  readonly roleDefinitionId?: string;
}
